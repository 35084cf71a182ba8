import type { N8nHttp } from '../../../sandbox/n8n/http.mts';

export interface Column {
	name: string;
	type: 'boolean' | 'date' | 'number' | 'string';
}

/** A data table of a real n8n, in the personal project of the current user. */
export class DataTable {
	private constructor(
		private readonly http: N8nHttp,
		readonly id: string,
		private readonly path: string,
	) {}

	static async create(http: N8nHttp, name: string, columns: Column[]): Promise<DataTable> {
		const project = await http.request<{ id: string }>('GET', '/projects/personal');
		const path = `/projects/${project.id}/data-tables`;
		const { id } = await http.request<{ id: string }>('POST', path, { name, columns });
		return new DataTable(http, id, `${path}/${id}`);
	}

	/** Adds rows, at most some thousands at once. */
	async insert(data: Array<Record<string, unknown>>): Promise<void> {
		await this.http.request('POST', `${this.path}/insert`, { data, returnType: 'count' });
	}

	/** How many rows it has. */
	async count(): Promise<number> {
		return (await this.http.request<{ count: number }>('GET', `${this.path}/rows?take=1`)).count;
	}

	/** All rows, with n8n's own columns. */
	async rows(): Promise<Array<Record<string, unknown>>> {
		const path = `${this.path}/rows`;
		return (await this.http.request<{ data: Array<Record<string, unknown>> }>('GET', path)).data;
	}

	/** Changes the rows whose column has the value. */
	async update(column: string, value: unknown, data: Record<string, unknown>): Promise<void> {
		const filters = [{ columnName: column, condition: 'eq', value }];
		const body = { filter: { type: 'and', filters }, data };
		await this.http.request('PATCH', `${this.path}/rows`, body);
	}
}

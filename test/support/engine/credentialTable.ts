import {
	ICredentials,
	UserError,
	type ICredentialDataDecryptedObject,
	type ICredentialsEncrypted,
	type ICredentialType,
	type INodeCredentialsDetails,
} from 'n8n-workflow';

/** One stored credential: its type as n8n would load it, and the user's values. */
export interface GivenCredential {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
	/** Default: `<type name>-1`, `-2` … */
	id?: string;
	name?: string;
}

interface Row {
	id: string;
	name: string;
	type: string;
	/** JSON, as n8n stores it (n8n also encrypts it). */
	data: string;
}

/** A credential read from the table; changes to it are not stored. */
export class ReadCredentials extends ICredentials {
	async setData(data: ICredentialDataDecryptedObject) {
		this.data = JSON.stringify(data);
	}

	async updateData(toUpdate: ICredentialDataDecryptedObject, toDelete: string[] = []) {
		const data = { ...(await this.getData()), ...toUpdate };
		for (const key of toDelete) delete data[key];
		await this.setData(data);
	}

	async getData(): Promise<ICredentialDataDecryptedObject> {
		return JSON.parse(this.data ?? '{}') as ICredentialDataDecryptedObject;
	}

	getDataToSave(): ICredentialsEncrypted {
		return { id: this.id ?? '', name: this.name, type: this.type, data: this.data };
	}
}

/** n8n's table of credentials, in memory, counting the database requests that n8n would make. */
export class CredentialTable {
	reads = 0;

	updates = 0;

	private readonly rows: Row[];

	constructor(given: GivenCredential[]) {
		this.rows = given.map(({ type, data, id, name }, index) => ({
			id: id ?? `${type.name}-${index + 1}`,
			name: name ?? type.displayName,
			type: type.name,
			data: JSON.stringify(data),
		}));
	}

	/** The first of its type, without counting as a read. */
	first(type: string): Readonly<Row> | undefined {
		return this.rows.find((row) => row.type === type);
	}

	/** Throws, as n8n does, for a credential without an ID or a deleted one. */
	read({ id, name }: INodeCredentialsDetails, type: string): ReadCredentials {
		const row = this.find(id, name, type);
		return new ReadCredentials({ id: row.id, name: row.name }, row.type, row.data);
	}

	/** n8n reads the row before it writes it. */
	update(
		{ id, name }: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	) {
		this.find(id, name, type).data = JSON.stringify(data);
		this.updates += 1;
	}

	private find(id: string | null, name: string, type: string): Row {
		if (!id) throw new UserError(`Found credential with no ID: "${name}" of type "${type}"`);
		this.reads += 1;
		const found = this.rows.find((row) => row.id === id && row.type === type);
		if (!found) throw new UserError(`Credential with ID "${id}" does not exist for type "${type}"`);
		return found;
	}
}

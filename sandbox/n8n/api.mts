import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import { N8nApiError, N8nHttp } from './http.mts';
import { versionsOf } from './nodeTypes.mts';
import { Problem } from './problem.mts';
import type {
	Credential,
	CredentialTestResult,
	Execution,
	ExecutionError,
	ExecutionStatus,
	ExecutionSummary,
	NodeRun,
	NodeTypeDescription,
	Workflow,
	WorkflowFile,
} from './types.mts';

export interface Login {
	email: string;
	password: string;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

const UNFINISHED: ExecutionStatus[] = ['new', 'running', 'unknown'];
const PAGE = 100;

/** How many ids the next page of n8n 1 begins before the end of the last one. */
const OVERLAP = 50;
const PAUSE_MS = 100;

/** How long n8n may take for anything, in milliseconds, by default. */
const LIMIT_MS = 120_000;

/** Calls until there is a result. @throws Problem when the time is over. */
async function poll<T>(
	what: string,
	limitMs: number,
	ask: () => Promise<T | undefined>,
): Promise<T> {
	const end = performance.now() + limitMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (performance.now() > end)
			throw new Problem(`${what} did not arrive within ${limitMs / 1000} s.`);
		await sleep(PAUSE_MS);
	}
}

/** The actions of a user of n8n's editor, through the same REST interface. n8n 2.41 and 1.123. */
export class N8nApi {
	/** For requests that have no method here. */
	readonly http: N8nHttp;
	readonly createdWorkflows: Workflow[] = [];
	readonly createdCredentials: Credential[] = [];

	constructor(readonly url: string) {
		this.http = new N8nHttp(url);
	}

	/** Creates the owner of a new n8n instance and logs in. */
	async setUpOwner(login: Login): Promise<void> {
		const owner = { ...login, firstName: 'Demo', lastName: 'Owner' };
		await this.http.request('POST', '/owner/setup', owner);
	}

	async logIn({ email, password }: Login): Promise<void> {
		await this.http.request('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	async createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<Credential> {
		const credential = await this.http.request<Credential>('POST', '/credentials', {
			name,
			type,
			data,
		});
		this.createdCredentials.push(credential);
		return credential;
	}

	/** A stored credential as its dialog shows it: with placeholders in place of secrets. */
	async readCredential({ id }: Credential): Promise<Record<string, unknown>> {
		const path = `/credentials/${id}?includeData=true`;
		return (await this.http.request<{ data: Record<string, unknown> }>('GET', path)).data;
	}

	/** The result of the credential's test, as in its dialog. @param data as the user entered it */
	async testCredential(
		credential: Credential,
		data: Record<string, unknown>,
	): Promise<CredentialTestResult> {
		const credentials = { ...credential, data };
		return await this.http.request('POST', '/credentials/test', { credentials });
	}

	/** The descriptions of all loaded node types. */
	async nodeTypes(): Promise<NodeTypeDescription[]> {
		return await this.http.file('/types/nodes.json');
	}

	/** The versions of all loaded node types. */
	async knownNodes(): Promise<Map<string, number[]>> {
		return versionsOf(await this.nodeTypes());
	}

	async createWorkflow(workflow: WorkflowFile): Promise<Workflow> {
		const { name, nodes, connections, settings = {} } = workflow;
		const body = { name, nodes, connections, settings, active: false };
		const created = await this.http.request<Workflow>('POST', '/workflows', body);
		this.createdWorkflows.push(created);
		return created;
	}

	/** Deactivates a workflow, and deletes it. */
	async removeWorkflow(id: string): Promise<void> {
		await this.deactivate(id);
		await this.http.request('POST', `/workflows/${id}/archive`, {});
		await this.http.request('DELETE', `/workflows/${id}`);
	}

	async getWorkflow(id: string): Promise<Workflow> {
		return await this.http.request('GET', `/workflows/${id}`);
	}

	/** Saves a workflow; n8n 2 keeps running the version that was activated before. */
	async updateWorkflow(id: string, change: Partial<WorkflowFile>): Promise<Workflow> {
		const { versionId } = await this.getWorkflow(id);
		return await this.http.request('PATCH', `/workflows/${id}`, { ...change, versionId });
	}

	/**
	 * Activates the saved version and waits until its triggers are registered.
	 * n8n 2 retries for about 20 s before an activation fails.
	 * @throws Error with the trigger's message if it could not register
	 */
	async activate(id: string, limitMs = LIMIT_MS): Promise<void> {
		const { versionId } = await this.getWorkflow(id);
		await this.http.request('POST', `/workflows/${id}/activate`, { versionId });
		const { status, triggers } = await this.publication(id, limitMs, 'not_published');
		if (status === 'published') return;
		const messages = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
		throw new Error(messages.join('; ') || `n8n could not activate the workflow: ${status}`);
	}

	/** Deactivates a workflow and waits until its triggers are gone. */
	async deactivate(id: string, limitMs = LIMIT_MS): Promise<void> {
		await this.http.request('POST', `/workflows/${id}/deactivate`, {});
		await this.publication(id, limitMs, 'published');
	}

	/**
	 * Starts a workflow at a trigger, as the editor's button does. Returns the execution ID, or undefined
	 * if the trigger now listens for one event at its test address.
	 */
	async run(id: string, triggerName: string): Promise<string | undefined> {
		const workflowData = await this.getWorkflow(id);
		const body = { workflowData, triggerToStartFrom: { name: triggerName } };
		const path = `/workflows/${id}/run`;
		return (await this.http.request<{ executionId?: string }>('POST', path, body)).executionId;
	}

	/** All executions of a workflow, newest first. n8n 2 pages by a cursor, n8n 1 by an id. */
	async listExecutions(workflowId: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const all = new Map<string, ExecutionSummary>();
		for (let next = ''; ;) {
			const path = `/executions?filter=${filter}&limit=${PAGE}${next}`;
			const { results, nextCursor } = await this.http.request<{
				results: ExecutionSummary[];
				nextCursor?: string | null;
			}>('GET', path);
			const known = all.size;
			for (const one of results) all.set(one.id, one);
			if (results.length < PAGE || nextCursor === null || all.size === known) {
				return [...all.values()];
			}
			// n8n 1 sorts by the time of the start, which can differ from the order of the ids by a few.
			next = nextCursor
				? `&cursor=${encodeURIComponent(nextCursor)}`
				: `&lastId=${Number(results.at(-1)!.id) + OVERLAP}`;
		}
	}

	/** Deletes all executions of a workflow, in portions that end before n8n gives up a request. */
	async deleteExecutions(workflowId: string): Promise<void> {
		const ids = (await this.listExecutions(workflowId)).map(({ id }) => id);
		for (let first = 0; first < ids.length; first += PAGE) {
			const portion = { ids: ids.slice(first, first + PAGE) };
			await this.http.request('POST', '/executions/delete', portion);
		}
	}

	async getExecution(id: string): Promise<Execution> {
		const path = `/executions/${id}`;
		const raw = await this.http.request<ExecutionSummary & { data: string }>('GET', path);
		const { data, ...summary } = raw;
		const { resultData } = parse(data) as {
			resultData: { runData?: Record<string, NodeRun[]>; error?: ExecutionError };
		};
		return { ...summary, runs: resultData.runData ?? {}, error: resultData.error };
	}

	async waitForExecution(id: string, limitMs = LIMIT_MS): Promise<Execution> {
		await poll(`The end of execution ${id}`, limitMs, async () => {
			const { status } = await this.http.request<ExecutionSummary>('GET', `/executions/${id}`);
			return UNFINISHED.includes(status) ? undefined : true;
		});
		return await this.getExecution(id);
	}

	/** Waits until a workflow has `atLeast` executions and all have ended. Newest first. */
	async waitForExecutions(
		workflowId: string,
		atLeast: number,
		limitMs = LIMIT_MS,
	): Promise<ExecutionSummary[]> {
		return await poll(`${atLeast} executions of workflow ${workflowId}`, limitMs, async () => {
			const executions = await this.listExecutions(workflowId);
			const ended = executions.every(({ status }) => !UNFINISHED.includes(status));
			return ended && executions.length >= atLeast ? executions : undefined;
		});
	}

	/** n8n 2 registers triggers after its response; n8n 1 before it, and has no such status. */
	private async publication(
		id: string,
		limitMs: number,
		before: PublicationStatus['status'],
	): Promise<PublicationStatus> {
		return await poll(`The publication of workflow ${id}`, limitMs, async () => {
			try {
				const path = `/workflows/${id}/publication-status`;
				const answer = await this.http.request<PublicationStatus>('GET', path);
				return [before, 'in_progress'].includes(answer.status) ? undefined : answer;
			} catch (error) {
				if (!(error instanceof N8nApiError) || error.status !== 404) throw error;
				return { status: 'published', triggers: [] };
			}
		});
	}
}

import type { Channel } from './channels.mts';
import type { ProcessingMode, Project } from './wire.ts';

export interface App {
	appId: string;
	projectId: string;
	displayName: string;
	processingMode: ProcessingMode;
	/** Channels that are set up in the app, in order of priority. */
	channels: Channel[];
}

export const DEMO_PROJECT: Project = {
	projectId: '5a4db0c5-0000-4000-8000-0000000000a1',
	keyId: '5a4db0c5-0000-4000-8000-0000000000b1',
	keySecret: 'simulated.key-secret~not_for_sinch',
};

/** To try the key of another project: it is valid, but not for the demo project. */
export const OTHER_PROJECT: Project = {
	projectId: '5a4db0c5-0000-4000-8000-0000000000a2',
	keyId: '5a4db0c5-0000-4000-8000-0000000000b2',
	keySecret: 'simulated.other-secret~not_for_sinch',
};

export const CONVERSATION_APP: App = {
	appId: '01SANDB0XC0NVERSAT10NAPP01',
	projectId: DEMO_PROJECT.projectId,
	displayName: 'Demo Conversation App',
	processingMode: 'CONVERSATION',
	channels: [
		'RCS',
		'WHATSAPP',
		'SMS',
		'MMS',
		'VIBERBM',
		'MESSENGER',
		'INSTAGRAM',
		'TELEGRAM',
		'LINE',
	],
};

export const DISPATCH_APP: App = {
	appId: '01SANDB0XD1SPATCHAPP000001',
	projectId: DEMO_PROJECT.projectId,
	displayName: 'Demo Dispatch App',
	processingMode: 'DISPATCH',
	channels: ['RCS', 'WHATSAPP', 'SMS'],
};

export const OTHER_APP: App = {
	appId: '01SANDB0X0THERPR0JECTAPP01',
	projectId: OTHER_PROJECT.projectId,
	displayName: 'App of Another Project',
	processingMode: 'CONVERSATION',
	channels: ['SMS'],
};

export const PROJECTS: readonly Project[] = [DEMO_PROJECT, OTHER_PROJECT];
export const APPS: readonly App[] = [CONVERSATION_APP, DISPATCH_APP, OTHER_APP];

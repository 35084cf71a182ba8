import type { Channel } from './channels.mts';

/** A project and its one access key. All values are invented and open nothing at Sinch. */
export interface Project {
	projectId: string;
	keyId: string;
	keySecret: string;
}

export type ProcessingMode = 'CONVERSATION' | 'DISPATCH';

export interface App {
	appId: string;
	projectId: string;
	displayName: string;
	processingMode: ProcessingMode;
	/** Channels that are set up in the app, in order of priority. */
	channels: Channel[];
}

export const demoProject: Project = {
	projectId: '5a4db0c5-0000-4000-8000-0000000000a1',
	keyId: '5a4db0c5-0000-4000-8000-0000000000b1',
	keySecret: 'simulated.key-secret~not_for_sinch',
};

/** For trying a key of another project: its key is valid, but not for the demo project. */
export const otherProject: Project = {
	projectId: '5a4db0c5-0000-4000-8000-0000000000a2',
	keyId: '5a4db0c5-0000-4000-8000-0000000000b2',
	keySecret: 'simulated.other-secret~not_for_sinch',
};

export const conversationApp: App = {
	appId: '01SANDB0XC0NVERSAT10NAPP01',
	projectId: demoProject.projectId,
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

export const dispatchApp: App = {
	appId: '01SANDB0XD1SPATCHAPP000001',
	projectId: demoProject.projectId,
	displayName: 'Demo Dispatch App',
	processingMode: 'DISPATCH',
	channels: ['RCS', 'WHATSAPP', 'SMS'],
};

export const otherApp: App = {
	appId: '01SANDB0X0THERPR0JECTAPP01',
	projectId: otherProject.projectId,
	displayName: 'App of Another Project',
	processingMode: 'CONVERSATION',
	channels: ['SMS'],
};

export const projects: readonly Project[] = [demoProject, otherProject];
export const apps: readonly App[] = [conversationApp, dispatchApp, otherApp];

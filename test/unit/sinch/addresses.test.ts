import { addressesOf } from '../../../nodes/SinchCapability/sinch/addresses';

const custom = {
	apiUrl: ' https://api.example.com/sinch// ',
	authUrl: 'https://auth.example.com/ ',
};

it('the addresses of a region are those of Sinch, whatever the fields for a custom one hold', () => {
	expect(addressesOf({ region: 'eu', ...custom })).toEqual({
		apiUrl: 'https://eu.conversation.api.sinch.com',
		authUrl: 'https://auth.sinch.com',
	});
});

it('custom addresses are used without the blanks around them and slashes at their end', () => {
	expect(addressesOf({ region: 'custom', ...custom })).toEqual({
		apiUrl: 'https://api.example.com/sinch',
		authUrl: 'https://auth.example.com',
	});
});

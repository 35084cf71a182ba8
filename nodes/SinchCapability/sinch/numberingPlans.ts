/**
 * The numbering plans of all countries: country, country code, the prefix dialled before a national
 * number (- for none), the possible lengths of a national number on fixed, mobile and internet
 * phones, and z where it may begin with 0. Facts of Google's libphonenumber, which
 * a test compares; it has no trunk prefix for Gabon, where both ways are in use.
 */
const PLANS = `
AC 247 - 5; AD 376 - 6,9; AE 971 0 8-9; AF 93 0 9; AG 1 1 10; AI 1 1 10; AL 355 0 8-9
AM 374 0 8; AO 244 - 9; AR 54 0 10-11; AS 1 1 10; AT 43 0 4-13; AU 61 0 9; AW 297 - 7
AX 358 0 6-10; AZ 994 0 9; BA 387 0 8-9; BB 1 1 10; BD 880 0 6-10; BE 32 0 8-9; BF 226 - 8 z
BG 359 0 6-9; BH 973 - 8; BI 257 - 8; BJ 229 - 10 z; BL 590 0 9; BM 1 1 10; BN 673 - 7
BO 591 0 8; BQ 599 - 7; BR 55 0 10-11; BS 1 1 10; BT 975 - 7-8; BW 267 - 7-8; BY 375 8 9
BZ 501 - 7; CA 1 1 10; CC 61 0 9; CD 243 0 7-10; CF 236 - 8; CG 242 - 9 z; CH 41 0 9
CI 225 - 10 z; CK 682 - 5; CL 56 - 9; CM 237 - 9; CN 86 0 7-11; CO 57 0 8,10; CR 506 - 8
CU 53 0 6-8,10; CV 238 - 7; CW 599 - 7-8; CX 61 0 9; CY 357 - 8; CZ 420 - 9; DE 49 0 5-15
DJ 253 - 8; DK 45 - 8; DM 1 1 10; DO 1 1 10; DZ 213 0 8-9; EC 593 0 8-9; EE 372 - 7-8
EG 20 0 8-10; EH 212 0 9; ER 291 0 7; ES 34 - 9; ET 251 0 9; FI 358 0 5-10; FJ 679 - 7
FK 500 - 5; FM 691 - 7; FO 298 - 6; FR 33 0 9; GA 241 0 7-8 z; GB 44 0 9-10; GD 1 1 10
GE 995 0 9; GF 594 0 9; GG 44 0 10; GH 233 0 9; GI 350 - 8; GL 299 - 6; GM 220 - 7,9
GN 224 - 8-9; GP 590 0 9; GQ 240 - 9; GR 30 - 10; GT 502 - 8; GU 1 1 10; GW 245 - 7,9
GY 592 - 7; HK 852 - 8; HN 504 - 8; HR 385 0 8-9; HT 509 - 8; HU 36 06 8-9; ID 62 0 7-12
IE 353 0 7-10; IL 972 0 8-9,11-12; IM 44 0 10; IN 91 0 10; IO 246 - 7; IQ 964 0 8-10
IR 98 0 6-7,10; IS 354 - 7,9; IT 39 - 6-12 z; JE 44 0 10; JM 1 1 10; JO 962 0 8-9
JP 81 0 9-10; KE 254 0 7-9; KG 996 0 9; KH 855 0 8-9; KI 686 0 5,8; KM 269 - 7; KN 1 1 10
KP 850 0 8,10; KR 82 0 5-6,8-11; KW 965 - 8; KY 1 1 10; KZ 7 8 10; LA 856 0 8-10; LB 961 0 7-8
LC 1 1 10; LI 423 0 7,9; LK 94 0 9; LR 231 0 7-9; LS 266 - 8; LT 370 0 8; LU 352 - 4-11
LV 371 - 8; LY 218 0 9; MA 212 0 9; MC 377 0 8-9; MD 373 0 8; ME 382 0 8; MF 590 0 9
MG 261 0 9; MH 692 1 7; MK 389 0 8; ML 223 - 8; MM 95 0 6-10; MN 976 0 8-10; MO 853 - 8
MP 1 1 10; MQ 596 0 9; MR 222 - 8; MS 1 1 10; MT 356 - 8; MU 230 - 7-8; MV 960 - 7
MW 265 0 7,9; MX 52 - 10; MY 60 0 8-10; MZ 258 - 8-9; NA 264 0 8-9; NC 687 - 6; NE 227 - 8
NF 672 - 6; NG 234 0 10; NI 505 - 8; NL 31 0 9,11; NO 47 - 8; NP 977 0 8,10; NR 674 - 7
NU 683 - 4,7; NZ 64 0 8-10; OM 968 - 8; PA 507 - 7-8; PE 51 0 8-9; PF 689 - 8; PG 675 - 7-8
PH 63 0 6,8-10; PK 92 0 9-10; PL 48 - 7,9; PM 508 0 6,9; PR 1 1 10; PS 970 0 8-9; PT 351 - 9
PW 680 - 7; PY 595 0 7-9; QA 974 - 8; RE 262 0 9; RO 40 0 6,9; RS 381 0 7-12; RU 7 8 10
RW 250 0 8-9 z; SA 966 0 9; SB 677 - 5,7; SC 248 - 7; SD 249 0 9; SE 46 0 7-9; SG 65 - 8
SH 290 - 4-5; SI 386 0 8; SJ 47 - 8; SK 421 0 6-7,9; SL 232 0 8; SM 378 - 8,10; SN 221 - 9
SO 252 0 6-9; SR 597 - 6-7; SS 211 0 9; ST 239 - 7; SV 503 - 8; SX 1 1 10; SY 963 0 8-9
SZ 268 - 8; TA 290 - 4; TC 1 1 10; TD 235 - 8; TG 228 - 8; TH 66 0 8-9; TJ 992 - 9 z
TK 690 - 4-7; TL 670 - 7-8; TM 993 8 8; TN 216 - 8; TO 676 - 5,7; TR 90 0 10; TT 1 1 10
TV 688 - 5-7; TW 886 0 8-11; TZ 255 0 9; UA 380 0 9; UG 256 0 9; US 1 1 10; UY 598 0 8
UZ 998 - 9; VA 39 - 6-11 z; VC 1 1 10; VE 58 0 10; VG 1 1 10; VI 1 1 10; VN 84 0 9-10
VU 678 - 5,7; WF 681 - 6; WS 685 - 5-7,10; XK 383 0 8-12; YE 967 0 7-9; YT 262 0 9
ZA 27 0 5-9; ZM 260 0 9; ZW 263 0 9-10
`;

/** How phone numbers of one country are built. */
export interface NumberingPlan {
	/** ISO 3166, e.g. `SE`. */
	country: string;
	/** E.g. `46`. */
	callingCode: string;
	/** Dialled before a national number and left out after the country code; empty for none. */
	trunkPrefix: string;
	/** In digits, without country code and trunk prefix. */
	lengths: ReadonlySet<number>;
	/** Whether a national number may begin with 0, which then belongs after the country code too. */
	leadingZero: boolean;
}

function toLengths(text: string): Set<number> {
	const lengths = new Set<number>();
	for (const range of text.split(',')) {
		const [first, last = first] = range.split('-').map(Number);
		for (let length = first; length <= last; length++) {
			lengths.add(length);
		}
	}
	return lengths;
}

const plans = PLANS.trim()
	.split(/;\s|\n/)
	.map((row): NumberingPlan => {
		const [country, callingCode, trunk, lengths, zero] = row.split(' ');
		return {
			country,
			callingCode,
			trunkPrefix: trunk === '-' ? '' : trunk,
			lengths: toLengths(lengths),
			leadingZero: zero === 'z',
		};
	});

/** By ISO 3166 code of the country. */
export const PLAN_BY_COUNTRY: ReadonlyMap<string, NumberingPlan> = new Map(
	plans.map((plan) => [plan.country, plan]),
);

/** By country code; several countries share some. */
export const PLANS_BY_CALLING_CODE: ReadonlyMap<string, readonly NumberingPlan[]> = plans.reduce(
	(map, plan) => map.set(plan.callingCode, [...(map.get(plan.callingCode) ?? []), plan]),
	new Map<string, NumberingPlan[]>(),
);

export declare const root: string;
export declare const cache: string;
export declare const vscodeHost: string;
export declare const dist: string;
export declare const out: string;
export declare const testResults: string;

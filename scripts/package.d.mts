/** Packs a VSIX, by default into the repository; returns its path and size in bytes. */
export declare function packVsix(folder?: string): Promise<{ file: string; size: number }>;

/** The folder of the tour. */
export declare const samples: string;
/** Copies what is missing or has another size. */
export declare function prepareSamples(): void;

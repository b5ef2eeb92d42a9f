/** Path of a browser that speaks Chromium's DevTools protocol; fetches one if none is installed. */
export declare function findBrowser(): Promise<string>;

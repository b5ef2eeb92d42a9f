import type { BuildOptions } from 'esbuild';

export function webviewBuild(options: { production?: boolean; outdir: string }): BuildOptions;

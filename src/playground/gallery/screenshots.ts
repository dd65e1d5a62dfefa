import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';
const WIDTH_PX = 780;
const MARGIN_PX = 8;
const HEIGHT_PX_MAX = 1_400;

/** A picture of each figure of the page, by its id. Undefined where there is no Chromium. */
export const takeScreenshots = async (pageFile: string, folder: string, ids: readonly string[]): Promise<readonly string[] | undefined> => {
  if (!existsSync(CHROMIUM)) return undefined;
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH_PX, height: HEIGHT_PX_MAX }, deviceScaleFactor: 1.5 });
    await page.goto(pathToFileURL(pageFile).href);
    const files: string[] = [];
    for (const id of ids) {
      const box = await page.locator(`#${id}`).boundingBox();
      if (box === null) throw new Error(`The page has no picture called ${id}.`);
      const file = join(folder, `${id}.png`);
      const clip = { x: box.x - MARGIN_PX, y: box.y - MARGIN_PX, width: box.width + 2 * MARGIN_PX, height: Math.min(HEIGHT_PX_MAX, box.height + 2 * MARGIN_PX) };
      await page.screenshot({ path: file, fullPage: true, clip });
      files.push(file);
    }
    return files;
  } finally {
    await browser.close();
  }
};

// What the browser tests share: Debian's Chromium, a visitor who signs in as a person
// does, and what holds on every page. It knows the addresses of pages, not their markup
// beyond the sign-in form.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run tests/tools/browser.sh`);
  return value;
}

export const base = setting("VIGILA_URL").replace(/\/$/, "");
const username = setting("VIGILA_LOGIN_NAME");
const password = setting("VIGILA_LOGIN_PASSWORD");

const screenshots =
  process.env.VIGILA_SCREENSHOTS ?? path.join(import.meta.dirname, "screenshots");

export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };

/** The rules of WCAG 2.1, levels A and AA, as axe names them. */
const wcag = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

const axeSource = await readFile(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** Headless Chromium that can reach nothing but this machine's loopback. */
export async function launch() {
  const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const executablePath = process.env.VIGILA_CHROMIUM ?? candidates.find((file) => existsSync(file));
  if (!executablePath) throw new Error("no Chromium found: apt-get install chromium");
  return chromium.launch({
    executablePath,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--no-proxy-server",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

/**
 * Somebody with a browser of their own: a fresh profile and one page. `options` are those
 * of a browser context, such as `viewport`, `javaScriptEnabled`, `extraHTTPHeaders`.
 */
export class Visitor {
  #troubles = [];

  static async open(browser, options = {}) {
    const visitor = new Visitor();
    visitor.context = await browser.newContext({
      baseURL: base,
      viewport: desk,
      locale: "it-IT",
      timezoneId: "Europe/Rome",
      ...options,
    });
    visitor.context.setDefaultTimeout(15_000);
    visitor.page = await visitor.context.newPage();
    visitor.#watch();
    return visitor;
  }

  #watch() {
    const { page } = this;
    page.on("pageerror", (error) => this.#troubles.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      // Chromium also writes the status of a refused page here: tests say that themselves.
      const ownStatus = message.location().url === page.url() && /status of 4\d\d/.test(message.text());
      if (message.type() === "error" && !ownStatus) this.#troubles.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== base && !["data:", "blob:"].includes(url.protocol)) {
        this.#troubles.push(`request to another origin: ${request.url()}`);
      }
    });
    page.on("response", (response) => {
      const document = response.request().resourceType() === "document";
      const limit = document ? 500 : 400;
      if (response.status() >= limit) this.#troubles.push(`${response.status()} for ${response.url()}`);
    });
  }

  /** Opens a page of the service and gives its response. */
  async go(address) {
    return this.page.goto(address, { waitUntil: "load" });
  }

  /** The path that the browser is at, without query. */
  get path() {
    return new URL(this.page.url()).pathname;
  }

  /** Fills the sign-in form and sends it. */
  async signIn(secret = password) {
    if (this.path !== "/sign-in") await this.go("/sign-in");
    await this.page.fill('input[name="username"]', username);
    await this.page.fill('input[name="password"]', secret);
    await this.submit('form:has(input[name="password"])');
  }

  /** Ends the session with the page's own form. */
  async signOut() {
    await this.submit('form[action$="/sign-out"]');
  }

  /** Presses the button that sends the form and waits for the page that comes of it. */
  async submit(form) {
    const loaded = this.page.waitForEvent("load");
    await this.page.click(`${form} :is(button, input[type="submit"])`);
    await loaded;
  }

  /** The first link of this page whose path begins with `prefix`, as an address. */
  async linkTo(prefix) {
    const link = this.page.locator(`a[href^="${prefix}"]`).first();
    assert.ok(await link.count(), `${this.path} has no link to ${prefix}…`);
    return link.getAttribute("href");
  }

  async language() {
    return this.page.locator("html").getAttribute("lang");
  }

  async heading() {
    return (await this.page.locator("h1").first().innerText()).trim();
  }

  /** Fails if a script failed, a file was missing or another origin was asked. */
  assertQuiet() {
    assert.deepEqual(this.#troubles, []);
  }

  /** Fails on any violation of WCAG 2.1 A or AA that axe finds, naming the elements. */
  async assertAccessible() {
    // By the debugger, not by a script element: the page's own policy stays in force.
    await this.page.evaluate(axeSource);
    const { violations, passes } = await this.page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }),
      wcag,
    );
    assert.ok(passes.length > 0, "axe found nothing to check");
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}\n${node.failureSummary}`),
    );
    assert.deepEqual(found, [], `${this.page.url()}\n${found.join("\n")}`);
  }

  /** Fails if the page must be scrolled sideways (WCAG 1.4.10), naming what sticks out. */
  async assertFits() {
    const { width, wide } = await this.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const over = document.documentElement.scrollWidth > width;
      const wide = [...document.querySelectorAll("body *")]
        .filter((element) => over && element.getBoundingClientRect().right > width + 1)
        .map((element) => element.outerHTML.slice(0, 120));
      return { width, wide: over ? ["the page", ...wide.slice(0, 5)] : [] };
    });
    assert.deepEqual(wide, [], `${this.page.url()} is wider than ${width} px`);
  }

  /**
   * Fails if a picture of the page did not load; those far below are scrolled to first, and
   * those in what is not opened, which wait, are left alone.
   */
  async assertPictures() {
    const broken = [];
    for (const picture of await this.page.locator("img").all()) {
      if (!(await picture.evaluate((img) => img.checkVisibility()))) continue;
      await picture.scrollIntoViewIfNeeded();
      const shown = await picture.evaluate(async (img) => {
        await img.decode().catch(() => undefined);
        return img.naturalWidth > 0;
      });
      if (!shown) broken.push(await picture.getAttribute("src"));
    }
    assert.deepEqual(broken, []);
  }

  /** Opens all that can be opened. */
  async openAll() {
    await this.page.evaluate(() => {
      for (const part of document.querySelectorAll("details")) part.open = true;
    });
  }

  /** Writes NAME.png for whoever wants to see the page. */
  async screenshot(name) {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true });
  }

  async close() {
    await this.context.close();
  }
}

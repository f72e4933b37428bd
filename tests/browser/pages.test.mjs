// The pages for people, as a manager of the province BT meets them in a browser.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { base, desk, launch, phone, Visitor } from "./support.mjs";

const territory = "/territories/BT";
const centre = "/facilities/BT-0001";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** Opens a browser, does the work in it, holds it to silence and closes it. */
async function visiting(options, work) {
  const visitor = await Visitor.open(browser, options);
  try {
    await work(visitor);
    visitor.assertQuiet();
  } finally {
    await visitor.close();
  }
}

/** The pages by name, each with how to find its address once signed in. */
const pages = {
  territory: async () => territory,
  "next-visits": async () => `${territory}/next-visits`,
  centre: async () => centre,
  visit: async (visitor) => {
    await visitor.go(centre);
    return visitor.linkTo("/inspections/");
  },
  findings: async () => `${territory}/findings`,
  finding: async (visitor) => {
    await visitor.go(`${territory}/findings`);
    return visitor.linkTo("/findings/");
  },
};

describe("without signing in", () => {
  for (const address of ["/", territory, centre]) {
    test(`${address} leads to the sign-in page`, () =>
      visiting({}, async (visitor) => {
        const response = await visitor.go(address);
        assert.equal(response.status(), 200);
        assert.equal(visitor.path, "/sign-in");
      }));
  }

  for (const [size, viewport] of Object.entries({ phone, desk })) {
    test(`the sign-in page is accessible and fits a ${size}`, () =>
      visiting({ viewport }, async (visitor) => {
        await visitor.go("/sign-in");
        await visitor.screenshot(`sign-in-${size}`);
        await visitor.assertFits();
        await visitor.assertAccessible();
      }));
  }

  test("a wrong password is refused in words, and the page stays accessible", () =>
    visiting({}, async (visitor) => {
      await visitor.go("/sign-in");
      const before = await visitor.page.locator("body").innerText();
      await visitor.signIn("not the password");
      assert.equal(visitor.path, "/sign-in");
      assert.notEqual(await visitor.page.locator("body").innerText(), before);
      assert.equal(await visitor.page.inputValue('input[name="password"]'), "");
      await visitor.assertAccessible();
      await visitor.go(territory);
      assert.equal(visitor.path, "/sign-in");
    }));
});

describe("signed in", () => {
  for (const [name, find] of Object.entries(pages)) {
    for (const [size, viewport] of Object.entries({ phone, desk })) {
      test(`the ${name} is accessible, whole and fits a ${size}`, () =>
        visiting({ viewport }, async (visitor) => {
          await visitor.signIn();
          assert.notEqual(visitor.path, "/sign-in");
          const response = await visitor.go(await find(visitor));
          assert.equal(response.status(), 200);
          await visitor.assertPictures();
          await visitor.screenshot(`${name}-${size}`);
          await visitor.assertFits();
          await visitor.assertAccessible();
          // What can be opened hides nothing that breaks the page.
          await visitor.openAll();
          await visitor.assertPictures();
          await visitor.screenshot(`${name}-${size}-open`);
          await visitor.assertFits();
          await visitor.assertAccessible();
        }));
    }
  }

  test("the arithmetic of a visit opens and adds up to the score that is shown", () =>
    visiting({ locale: "en-GB" }, async (visitor) => {
      await visitor.signIn();
      await visitor.go(await pages.visit(visitor));
      const overall = visitor.page.locator(".sums details").first();
      const table = overall.locator("table");
      assert.equal(await table.isVisible(), false, "the tables are closed at first");
      await overall.locator("summary").click();
      assert.equal(await table.isVisible(), true);
      const parts = await table.locator("tbody tr td:last-child").allInnerTexts();
      const total = Number(await table.locator("tfoot td").innerText());
      const sum = parts.reduce((sum, part) => sum + Number(part), 0);
      // Each part is rounded down, so the sum of those printed may fall short by its share.
      assert.ok(sum <= total + 1e-9 && sum > total - 0.1 * (parts.length + 1), `${sum} of ${total}`);
      const shown = await visitor.page.locator(".figures .value").first().innerText();
      assert.equal(Number(shown), total);
    }));

  test("a territory of others is not found, in an accessible page", () =>
    visiting({}, async (visitor) => {
      await visitor.signIn();
      const response = await visitor.go("/territories/ZZ");
      assert.equal(response.status(), 404);
      await visitor.assertAccessible();
    }));

  test("signing out ends the session", () =>
    visiting({}, async (visitor) => {
      await visitor.signIn();
      await visitor.go(territory);
      await visitor.signOut();
      await visitor.go(territory);
      assert.equal(visitor.path, "/sign-in");
    }));
});

describe("in two languages", () => {
  for (const [locale, expected] of [
    ["it-IT", "it"],
    ["de-DE", "it"],
    ["en-GB", "en"],
  ]) {
    test(`a browser set to ${locale} gets ${expected}`, () =>
      visiting({ locale }, async (visitor) => {
        await visitor.go("/sign-in");
        assert.equal(await visitor.language(), expected);
      }));
  }

  test("?lang= goes before the setting, and every page speaks both", () =>
    visiting({}, async (visitor) => {
      await visitor.go("/sign-in");
      const italian = await visitor.heading();
      await visitor.go("/sign-in?lang=en");
      assert.equal(await visitor.language(), "en");
      assert.notEqual(await visitor.heading(), italian);
      await visitor.signIn();
      for (const find of Object.values(pages)) {
        const address = await find(visitor);
        const texts = {};
        for (const language of ["it", "en"]) {
          await visitor.go(`${address}?lang=${language}`);
          assert.equal(await visitor.language(), language, address);
          texts[language] = await visitor.page.locator("body").innerText();
          await visitor.assertAccessible();
        }
        assert.notEqual(texts.it, texts.en, address);
      }
    }));
});

describe("without JavaScript", () => {
  test("from signing in to a visit and out again by links and forms alone", () =>
    visiting({ javaScriptEnabled: false, viewport: phone }, async (visitor) => {
      await visitor.go("/");
      await visitor.signIn();
      assert.notEqual(visitor.path, "/sign-in");
      if (visitor.path !== territory) await visitor.go(await visitor.linkTo(territory));
      await visitor.go(await visitor.linkTo(centre));
      await visitor.go(await visitor.linkTo("/inspections/"));
      assert.match(visitor.path, /^\/inspections\/[0-9a-f-]{36}$/);
      assert.ok(await visitor.heading());
      await visitor.signOut();
      await visitor.go(territory);
      assert.equal(visitor.path, "/sign-in");
    }));
});

describe("findings", () => {
  /** Goes to the most urgent one that nobody has dealt with. */
  async function toOne(visitor) {
    await visitor.go(`${territory}/findings?state=open`);
    await visitor.go(await visitor.linkTo("/findings/"));
  }

  for (const [size, viewport] of Object.entries({ phone, desk })) {
    test(`what is refused is told at its field on a ${size}, in an accessible page`, () =>
      visiting({ viewport, locale: "en-GB" }, async (visitor) => {
        await visitor.signIn();
        await toOne(visitor);
        await visitor.page.getByRole("radio", { name: "Void" }).check();
        await visitor.page.getByRole("button", { name: "Record" }).click();
        await visitor.page.waitForLoadState();
        const note = visitor.page.getByRole("textbox", { name: "Note" });
        assert.equal(await note.getAttribute("aria-invalid"), "true");
        await visitor.screenshot(`finding-refused-${size}`);
        await visitor.assertFits();
        await visitor.assertAccessible();
      }));
  }

  test("a manager prescribes with a deadline, and the course says so", () =>
    visiting({ javaScriptEnabled: false, viewport: phone, locale: "en-GB" }, async (visitor) => {
      await visitor.signIn();
      await toOne(visitor);
      const address = visitor.path;
      await visitor.page.getByRole("radio", { name: "Prescribe" }).check();
      await visitor.page.getByRole("textbox", { name: "Note" }).fill("Note 12 of the office");
      await visitor.page.getByLabel("New deadline").fill("2099-05-06");
      const photo = visitor.page.getByRole("checkbox").first();
      if (await photo.isVisible()) await photo.check();
      await visitor.page.getByRole("button", { name: "Record" }).click();
      await visitor.page.waitForLoadState();
      assert.equal(visitor.path, address);
      const text = await visitor.page.locator("main").innerText();
      for (const part of ["Prescribed", "Note 12 of the office", "Deadline given: 6 May 2099"]) {
        assert.ok(text.includes(part), part);
      }
      await visitor.screenshot("finding-moved-phone");
    }));
});

describe("for safety", () => {
  test("the policy of every page allows no inline script and no other origin", () =>
    visiting({}, async (visitor) => {
      const policies = [(await visitor.go("/sign-in")).headers()["content-security-policy"]];
      await visitor.signIn();
      for (const find of Object.values(pages)) {
        const response = await visitor.go(await find(visitor));
        policies.push(response.headers()["content-security-policy"]);
      }
      for (const policy of policies) {
        assert.match(policy ?? "", /default-src '(none|self)'/);
        assert.doesNotMatch(policy, /unsafe-(inline|eval)|https?:|\*/);
      }
    }));

  test("the session's cookie is out of the reach of scripts and other sites", () =>
    visiting({}, async (visitor) => {
      await visitor.signIn();
      const cookies = await visitor.context.cookies(base);
      assert.ok(cookies.length > 0, "no cookie after signing in");
      assert.ok(cookies.some((cookie) => cookie.httpOnly && cookie.sameSite === "Strict"));
    }));
});

package cli

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"latchkey/sandbox/harness"
	"latchkey/sandbox/page/browser"
)

// TestPageStory plays README's story by clicking: asked for, approved, in, and ended by the clock, with both people's
// pages open.
func TestPageStory(t *testing.T) {
	t.Parallel()
	maya := visiting(t)
	noor := maya.tab("/?as=noor")
	maya.sound("an empty page")
	maya.asks("Launch assets for Monday")
	maya.reads(".banner", "Noor Haddad")
	maya.reads("#issue", "Waiting for approval")
	noor.reads("#messages", "Launch assets for Monday")
	noor.sound("a card")
	noor.press("#messages .button.primary")
	noor.reads("#groups .group", "Maya Lind")
	noor.reads("#messages", "Approved by you")
	maya.reads("#messages", "You're in")
	maya.reads("#issue", "Granted")
	maya.until("Maya Lind's Figma · Editor ends")
	maya.reads("#groups [data-key='okta figma-editors']", "nobody")
	maya.reads("#issue", "Closed")
	maya.sound("the end")
	maya.do("look on a phone", func(ctx context.Context) error {
		return maya.Size(ctx, browser.Screen{Width: 390, Height: 844})
	})
	maya.sees(`[...document.querySelectorAll(".posted:has(.edited)")].length && [...document.querySelectorAll(".posted:has(.edited)")].every((m) => m.querySelector(".edited").getBoundingClientRect().top >= m.querySelector(".message").getBoundingClientRect().bottom - 6)`)
}

// TestPageTour takes the tour: the first step by hand, the others by watching. It leads to who is next. After it the store
// is lost.
func TestPageTour(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.press("[data-tour=begin]")
	v.reads(".step", "Maya asks for access")
	v.sound("the tour")
	v.asks("Launch assets for Monday")
	v.reads(".step", "Noor, her manager, approves")
	v.press("text=Be Noor Haddad")
	v.press("#messages .button.primary")
	for _, next := range []string{"Time passes", "Sam asks", "Lena denies", "An emergency"} {
		v.reads(".step", next)
		v.press("[data-tour=play]")
	}
	v.reads(".step", "That is the whole story")
	v.reads("#groups [data-key='okta proddb-readonly']", "Tom Reyes")
	v.press("[data-tour=end]")
	v.sees("!document.querySelector('.step')")
	v.recovers()
}

// recovers has the store lost and built anew, and the bot end what it gave before.
func (v *visitor) recovers() {
	v.t.Helper()
	v.press(".tools summary")
	v.press("[data-bot=lose]")
	v.reads("#bot", "has lost its store")
	v.press("#bot [data-bot=recover]")
	v.reads(".terminal", "Rebuilt 3 requests")
	v.sound("what a command said")
	v.press(".terminal [data-bot=start]")
	v.sees("document.querySelector('.state.up') && !document.querySelector('.terminal')")
	v.until("Tom Reyes's Production database · Read only ends")
	v.reads("#groups [data-key='okta proddb-readonly']", "nobody")
}

// turns switches something that can go wrong.
func (v *visitor) turns(fault string) {
	v.t.Helper()
	v.press(".tools summary")
	v.press("[data-fault=" + fault + "]")
	v.press(".tools summary")
}

// TestPageFaults has each thing go wrong that the page offers, and sees what becomes of a request meanwhile and after.
func TestPageFaults(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.press(".tools summary")
	v.sound("what can go wrong")
	v.press(".tools summary")

	// The directory is down: the yes is kept, and carried out once it is back.
	v.asks("Launch assets")
	v.turns("down-okta")
	v.be("noor")
	v.press("#messages .button.primary")
	v.sees("/Approved by you|Your answer is kept/.test(document.querySelector('#messages').textContent)") // by whether it was known already that she may
	v.reads("#groups [data-key='okta figma-editors']", "nobody")
	v.turns("down-okta")
	v.press("[data-clock='1h']")
	v.reads("#groups [data-key='okta figma-editors']", "Maya Lind")

	// Jira is slow, and then both vendors throttle: nobody waits for them in Slack, and nothing is lost.
	v.turns("slow-jira")
	v.be("tom")
	v.asks("Review the flows")
	v.reads("#issue", "Tom Reyes")
	v.turns("slow-jira")
	v.turns("throttled")
	v.be("priya")
	v.press("#messages .button.primary")
	v.reads("#groups [data-key='okta figma-editors']", "Tom Reyes")
	v.turns("throttled")
	v.press("[data-clock='1h']")
	v.reads("#messages", "Approved by you")

	// The bot is cut off: Slack says so, and once it is back it knows everything.
	v.press("[data-bot=stop]")
	v.reads("#bot", "is stopped")
	v.be("tom")
	v.command("/access mine")
	v.reads("#notices", "/access failed with the error")
	v.press("[data-bot=start]")
	v.sees("document.querySelector('.state.up')")
	v.command("/access mine")
	v.reads("#messages", "Figma")

	// A group is renamed: it is the same group, and is known by its id.
	v.be("sam")
	v.asks("Draw the numbers")
	v.turns("renamed")
	v.be("lena")
	v.press("#messages .button.primary")
	v.reads("#groups [data-key='okta figma-editors-2']", "Sam Osei")
}

// TestPageRefuses sees that what Slack would refuse is refused, and said.
func TestPageRefuses(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.command("/weather")
	v.reads("#notices", "/weather is not a valid command")
	v.command("/access")
	v.press("[data-submit]")
	v.reads("#modal-blocks .problem", "")
	v.sees("document.querySelector('#modal-blocks .wrong')")
	v.sound("a form with something wrong in it")
	v.key("Escape")
	v.sees("!document.querySelector('#modal[open]')")
	for _, theme := range []string{"dark", "light"} {
		for _, width := range []int{1280, 390} {
			v.do(theme, func(ctx context.Context) error {
				if err := v.Theme(ctx, theme); err != nil {
					return err
				}
				return v.Size(ctx, browser.Screen{Width: width, Height: 844})
			})
			v.sound(fmt.Sprintf("%s at %d px", theme, width))
			v.sees("[...document.querySelectorAll('.bar *, .bottom *, main *')].every((e) => !e.checkVisibility() || e.closest('.side, .issues, .aloud') || e.getBoundingClientRect().right <= innerWidth + 1)")
		}
	}
}

// plays has people do what the page isn't tried with.
func (v *visitor) plays(lines ...string) {
	v.t.Helper()
	for _, line := range lines {
		v.do(line, func(ctx context.Context) error {
			words, err := harness.Line(line)
			if err == nil {
				_, err = v.tell.Do(ctx, words...)
			}
			return err
		})
	}
}

// TestPageReview answers an access review of forty rows in the page, form after form.
func TestPageReview(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	const rows = 40
	groups := 0
	for _, name := range v.tell.World.Directories()[0].GroupNames() {
		if name == "Everyone" || name == "security" || groups == rows {
			continue
		}
		groups++
		v.plays("okta add " + name + " maya")
	}
	v.plays("slack ines '/access review'", "slack ines click Begin", "channel #it-access 'was read and waits for you'", "slack ines close",
		"slack ines '/access review'", "slack ines click Show", "view ines 'Who is asked … Noor Haddad'", "slack ines click Start", "slack ines close", "clock Monday", "dm noor 'rows of the review'")
	v.be("noor")
	v.press("text=Review")
	const left = `(document.querySelector("#modal-blocks").textContent.match(/(\d+) of \d+ rows are left/) ?? [])[1]`
	v.sees(left + " === '40'")
	v.sound("a form of a review")
	for forms := 0; ; forms++ {
		var before string
		v.do("read", func(ctx context.Context) error { return v.Ask(ctx, left+` ?? "none"`, &before) })
		if before == "none" || forms > rows {
			break
		}
		v.press("#modal-blocks .choices input")
		v.sees(`(() => { for (const c of document.querySelectorAll("#modal-blocks .choices")) if (!c.querySelector(":checked")) c.querySelector("input").click(); return true; })()`)
		v.sees("!Number(document.documentElement.dataset.busy)")
		v.press("[data-submit]")
		v.sees(left + " !== " + fmt.Sprintf("%q", before))
	}
	v.reads("#modal", "answered")
}

// TestPageShares plays a story again from the link that somebody shared, after asking.
func TestPageShares(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	v.press("#places a[href*='in=home']")
	v.press("text=Request access")
	v.press("#modal[open] .search input")
	v.types("fig")
	v.sees("document.querySelector('[role=option] span').textContent === 'Figma'")
	v.key("Enter")
	v.press("text=Next")
	v.chooses("Editor")
	v.press("[data-close=all]")
	v.press("[data-share=open]")
	v.sees("document.querySelector('#share-link').value.includes('#story=')")
	v.sound("what is shared")
	var link string
	v.do("take the link", func(ctx context.Context) error {
		return v.Ask(ctx, "document.querySelector('#share-link').value", &link)
	})
	other := visiting(t)
	other.do("open the link", func(ctx context.Context) error { return other.Go(ctx, "about:blank") })
	_, story, _ := strings.Cut(link, "/#")
	other.do("open the link", func(ctx context.Context) error { return other.Go(ctx, other.at+"/#"+story) })
	other.reads("dialog pre", "slack maya click 'Request access'")
	other.sound("a story that is offered")
	if len(other.tell.World.Slack.Views("U0MAYA002")) > 0 {
		t.Error("it was played before anybody said so")
	}
	other.press("text=Play it")
	other.sees("!Number(document.documentElement.dataset.busy) && !document.querySelector('#offer-title')")
	other.reads("#notices", "!stopped")
}

// seat gives Maya a seat of Adobe's, by clicks.
func (v *visitor) seat() {
	v.t.Helper()
	v.asksFor(wanted{typed: "adobe", app: "Adobe Creative Cloud", role: "Single app", time: "180 days"}, "Cut the launch film")
	v.be("noor")
	v.press("#places a[href*='in=design-access']")
	v.press("#messages .button.primary")
	v.reads("#groups [data-key='okta adobe-single']", "Maya Lind")
}

// TestPageSeat plays, by clicks alone, a seat that nobody uses: asked about, taken back after silence, had again.
func TestPageSeat(t *testing.T) {
	t.Parallel()
	v := visiting(t)
	const seat = "#groups [data-key='okta adobe-single']"
	v.seat()
	v.be("maya")
	v.press("[data-use='Adobe Creative Cloud']")
	v.reads("#uses", "last used")
	v.press("[data-clock='30d']")
	v.stands()
	v.until("Idle seats are looked for")
	v.reads("#messages", "Do you still need Adobe Creative Cloud")
	v.until("idle seat of Adobe Creative Cloud")
	v.press("[data-clock='1h']")
	v.reads(seat, "nobody")
	v.reads("#messages", "Taken away, as nobody used it")
	v.press("text=I need it again")
	v.sees("(() => { const m = [...document.querySelectorAll('.posted')].at(-1); m.replaceWith(m.cloneNode(true)); return true; })()") // drawn anew meanwhile
	v.sound("what a button asks first")
	v.press("text=Have it back")
	v.reads(seat, "Maya Lind")
}

// TestPageSaysWhy sees that a step of the tour that is refused says why, in Latchkey's own words, and what helps.
func TestPageSaysWhy(t *testing.T) {
	t.Parallel()
	steps := guided()
	v := visit(t, nil, steps[len(steps)-1:])
	v.plays("slack tom '/access emergency'", "slack tom submit break_glass_role='Production database · Read only' break_glass_time=4h reason='Payments are down'", "slack tom submit typed='Production database'", "slack tom close",
		"jira IT-1 status Granted", "clock +241m", "! okta has proddb-readonly tom") // all that can be taken, and not judged
	v.press("[data-tour=begin]")
	v.reads(".step", "An emergency")
	v.press("[data-tour=play]")
	v.reads(".step .refused", "nobody has said yet whether that was right")
	v.sound("a refused step")
	v.press("[data-tour=mend]")
	v.sees("!document.querySelector('.step .refused')")
	v.press("[data-tour=play]")
	v.reads(".step", "That is the whole story")
}

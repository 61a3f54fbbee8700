package cards

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/catalog"
	"latchkey/workflow/notify"
	"latchkey/workflow/query"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// readersOf are who sees the audiences in the golden files.
func readersOf() map[notify.Audience][]access.Person {
	return map[notify.Audience][]access.Person{
		notify.ToRequester:  {bottest.Maya()},
		notify.ToApprover:   {bottest.Noor(), bottest.Omar()},
		notify.ToFulfillers: {bottest.Omar(), bottest.Noor()},
		notify.ToIT:         {{}},
		notify.ToChannel:    {{}},

		notify.ToReminder.Revision(1): {bottest.Maya()},
		notify.ToReview.Revision(1):   {bottest.Noor()},
	}
}

func mustDraw(t testing.TB, u notify.CardUpdate) blocks.Message {
	t.Helper()
	c, err := Draw(u, Config{Command: "/access", ITGroup: ITGroup{ID: bottest.ITGroup, Handle: "it-oncall"}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCardsTellTheStory(t *testing.T) {
	all := bottest.Situations()
	for audience, readers := range readersOf() {
		var out strings.Builder
		for _, life := range slices.Sorted(maps.Keys(all)) {
			for _, reader := range readers {
				if neverShown(audience, all[life]) {
					continue
				}
				c := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(all[life]), Audience: audience, Reader: reader})
				bottest.WantMessageWithinLimits(t, c.Text, c.Blocks)
				fmt.Fprintf(&out, "==== %s, read by %s\n%s\n", life, blocks.Or(reader.Name, "the IT channel"), bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": c.Blocks})))
			}
		}
		base, _ := audience.Parts()
		bottest.Golden(t, *update, string(base), out.String())
	}
}

// 55: a name that may be taken for a colleague's is told from it: by the address, by the
// title, and where it mixes scripts by a warning with the end of the account's id.
func TestNamesThatLookAlikeAreToldApart(t *testing.T) {
	as := func(name, address, title, account string) access.Case {
		return bottest.Change(bottest.Asked(), func(c *access.Case) {
			c.Beneficiary.Name, c.Beneficiary.Email, c.Beneficiary.Title = name, access.Email(address), title
			c.Beneficiary.Bindings = []access.Binding{{System: access.SystemSlack, ID: account}}
			c.People[c.Beneficiary.ID] = c.Beneficiary
		})
	}
	var out strings.Builder
	for _, c := range []access.Case{
		as("Maya Lind", "maya@acme.example", "Designer", "U0000MAYA1"),
		as("Maya Lind", "maya.lind@acme.example", "Contractor", "U0000MAYA2"), // the same name
		as("Maya Iind", "m.iind@acme.example", "", "U0000MAYA3"),              // a capital i
		as("M\u0430ya Lind", "m.lind@acme.example", "", "U0000MAYA4"),         // a Cyrillic а
		as("M\u0430\u0445\u0430", "maxa@acme.example", "", "U0000MAYA5"),      // Cyrillic, but for the M
	} {
		card := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToApprover, Reader: bottest.Noor()})
		fmt.Fprintf(&out, "==== %+q\n%s\n", c.Beneficiary.Name, bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": card.Blocks})))
	}
	bottest.Golden(t, *update, "lookalike", out.String())
}

// neverShown tells whether nobody gets to see that side of a case.
func neverShown(f notify.Audience, c access.Case) bool {
	happened := func(k access.EventKind) bool { _, ok := c.Last(k); return ok }
	switch base, _ := f.Parts(); base {
	case notify.ToFulfillers:
		return c.App.Provisioning != catalog.Manual
	case notify.ToReminder:
		return !happened(access.EventReminded)
	case notify.ToReview:
		return !happened(access.EventReviewAsked)
	case notify.ToApprover:
		return c.Request.BreakGlass
	}
	return false
}

// What a phone shows of a message is its text alone, and a banner on a computer begins
// with the first block: each names the person, the app and what is new. Who asked for
// themselves reads who said no.
func TestTextAndFirstBlockSayTheWholeNews(t *testing.T) {
	for life, c := range bottest.Situations() {
		for audience, readers := range readersOf() {
			if neverShown(audience, c) {
				continue
			}
			for _, outdated := range []bool{false, true} {
				k := mustDraw(t, notify.CardUpdate{Content: notify.RequestContent{Case: c, Outdated: outdated}, Audience: audience, Reader: readers[0]})
				first := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": k.Blocks[:1]}))
				for where, said := range map[string]string{"text": k.Text, "first block": first} {
					whose := strings.Contains(said, c.Beneficiary.Name) || strings.Contains(said, c.Requester.Name) ||
						readers[0].ID == c.Requester.ID && (strings.Contains(strings.ToLower(said), "you") || strings.HasPrefix(k.Text, bottest.Noor().Name+" said no"))
					if !whose || !strings.Contains(said, c.App.Name) {
						t.Errorf("%s, %s, outdated %v: the %s says %q", life, audience, outdated, where, said)
					}
				}
				if len(k.Text) < len(c.App.Name)+10 || strings.Contains(k.Text, "!date") {
					t.Errorf("%s, %s: %q is no news", life, audience, k.Text)
				}
				if outdated && (len(k.Blocks) != 1 || k.Blocks[0].BlockType() != slack.MBTContext) {
					t.Errorf("%s, %s: what is over takes %d blocks", life, audience, len(k.Blocks))
				}
				bottest.WantMessageWithinLimits(t, k.Text, k.Blocks)
			}
		}
	}
}

// Who asks is mentioned, so that one look tells who that is; an alert shows the name. Slack
// tells nobody of being mentioned to somebody else, but in a channel it would.
func TestWhoAsksIsMentionedToWhoDecides(t *testing.T) {
	c := bottest.Change(bottest.Asked(), func(c *access.Case) {
		c.Requester, c.Beneficiary = bottest.WithAccount(c.Requester, bottest.MayaID), bottest.WithAccount(c.Beneficiary, bottest.MayaID)
	})
	for audience, want := range map[notify.Audience]string{
		notify.ToApprover: "*<@" + bottest.MayaID + "> asks for Figma · Editor for 6 hours*\n", notify.ToChannel: "# Maya Lind asks for Figma · Editor for 6 hours\n",
	} {
		k := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: audience, Reader: bottest.Noor()})
		if got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": k.Blocks[:1]})); got != want || k.Text != "Maya Lind asks for Figma · Editor for 6 hours" {
			t.Errorf("%s: %q, alerted by %q", audience, got, k.Text)
		}
		bottest.WantMessageWithinLimits(t, k.Text, k.Blocks)
	}
}

// Who else in the team has it is said as it was seen, and when; when they signed in last, too.
func TestWhatIsKnownOfTheTeamAndThePerson(t *testing.T) {
	c := bottest.Change(bottest.Asked(), func(c *access.Case) { c.Beneficiary.LastLogin = bottest.Monday().AddDate(0, 0, -3) })
	omar, seen := []access.Person{bottest.Omar()}, bottest.Monday().Add(-time.Hour)
	day := " (seen " + blocks.Day(seen) + ")."
	for want, b := range map[string]query.Background{
		"Who else in the team has it isn't known.":                       {},
		"At least 1 in the team has it.":                                 {Team: omar},
		"1 in the team has it" + day:                                     {Team: omar, TeamAt: seen},
		"6 in the team have it" + day:                                    {Team: omar, TeamMore: 5, TeamAt: seen},
		"At least 1 in the team has it" + day:                            {Team: omar, TeamAt: seen, TeamPart: true},
		"Nobody else in the team has it" + day:                           {TeamAt: seen},
		"You manage Maya Lind. Who else in the team has it isn't known.": {TeamAt: seen, TeamPart: true},
	} {
		k := mustDraw(t, notify.CardUpdate{Content: notify.RequestContent{Case: c, Background: b}, Audience: notify.ToApprover, Reader: bottest.Noor()})
		got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": k.Blocks}))
		if !strings.Contains(got, want) || !strings.Contains(got, "last sign-in "+blocks.Day(c.Beneficiary.LastLogin)) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// Whatever may be told later, or not at all, leads to where that is chosen.
func TestMessagesLeadToWhereTheyAreChosen(t *testing.T) {
	for life, c := range bottest.Situations() {
		k, err := Draw(notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToRequester, Reader: bottest.Maya()}, Config{Home: "https://acme.slack.com/app_redirect?app=A1"})
		if err != nil {
			t.Fatal(err)
		}
		if got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": k.Blocks})); !strings.Contains(got, "|Fewer messages>") {
			t.Errorf("%s: %s", life, got)
		}
		bottest.WantMessageWithinLimits(t, k.Text, k.Blocks)
	}
}

// Long names are cut where the news would be too long, and none of them is lost.
func TestNewsOfLongNames(t *testing.T) {
	c := bottest.Change(bottest.Asked(), func(c *access.Case) {
		c.App.Name, c.Role.Name = strings.Repeat("Application ", 12), strings.Repeat("Administrator ", 12)
		c.Beneficiary.Name, c.Requester.Name = strings.Repeat("Maximilian ", 9), strings.Repeat("Maximilian ", 9)
	})
	k := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToApprover, Reader: bottest.Noor()})
	for _, part := range []string{"Maximilian", "Application", "Administrator", "for 6 hours"} {
		if !strings.Contains(k.Text, part) {
			t.Errorf("%q is lost in %q", part, k.Text)
		}
	}
}

// A decided card says when that was as long as nothing has come of it, and then how that stands.
func TestDecidedCardsNameTheDeciderAndHaveNoButtons(t *testing.T) {
	const decided, until, ended = "<!date^1795424700^", "until <!date^1795446600^", "ended <!date^1795430400^"
	for life, stands := range map[string]string{"denied": decided, "preparing": decided, "active": until, "ending": "is being removed", "stuck": "not there yet", "returned": ended} {
		for _, reader := range []access.Person{bottest.Noor(), bottest.Omar()} {
			c := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(bottest.Situations()[life]), Audience: notify.ToApprover, Reader: reader})
			who := map[access.PersonID]string{bottest.Noor().ID: "by you: Figma", bottest.Omar().ID: "by Noor Haddad: Figma"}[reader.ID]
			got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": c.Blocks}))
			if !strings.Contains(got, who) || !strings.Contains(got, stands) {
				t.Errorf("%s for %s: %q or %q is missing in\n%s", life, reader.Name, who, stands, got)
			}
			if strings.Contains(got, "[") {
				t.Errorf("%s for %s still has buttons:\n%s", life, reader.Name, got)
			}
		}
	}
}

// IT reads whether what is stuck is tried again by itself, or waits for them.
func TestWhatIsTriedByItself(t *testing.T) {
	for _, life := range []string{"stuck", "stuck-gone"} {
		for tried, want := range map[bool]string{true: "It is tried again.", false: "Nothing more is tried by itself"} {
			shown := bottest.Change(bottest.Situations()[life], func(c *access.Case) { c.Tried = tried })
			c := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(shown), Audience: notify.ToIT})
			if text := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": c.Blocks})); !strings.Contains(text, want) || !strings.Contains(text, "Retry") {
				t.Errorf("%s, tried %v:\n%s", life, tried, text)
			}
		}
	}
}

func TestCardsSurviveAnyText(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		for life, c := range bottest.Situations() {
			c = bottest.WithText(c, text)
			for audience, readers := range readersOf() {
				if neverShown(audience, c) {
					continue
				}
				t.Run(fmt.Sprint(name, "/", life, "/", audience), func(t *testing.T) {
					k := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: audience, Reader: readers[0]})
					bottest.WantMessageWithinLimits(t, k.Text, k.Blocks)
				})
			}
		}
	}
}

func TestTicketLinksOnlyToTheWeb(t *testing.T) {
	for link, want := range map[string]string{
		"https://jira.acme.example/browse/IT-1?a=1&b=<|>": "<https://jira.acme.example/browse/IT-1?a=1&amp;b=&lt;%7C&gt;|IT-1>",
		"javascript:alert(1)":                             "IT-1",
		"":                                                "IT-1",
		"https://" + strings.Repeat("x", 2000):            "IT-1",
	} {
		c := bottest.Asked()
		c.Request.Issue.URL = link
		if got := Ticket(c.Request); got != want {
			t.Errorf("ticket(%.40q) = %q, want %q", link, got, want)
		}
	}
}

// Slack writes "Today" where a moment's format begins with it: within a sentence something
// that can't be seen comes first.
func TestWhenSaysTheSameWithoutSlack(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("", 3600))
	const moment = "{date_short_pretty} at {time}|23 Nov 2026 at 09:00 UTC>"
	if got, want := blocks.When(at), "<!date^1795424400^\u200b"+moment; got != want {
		t.Errorf("when = %q, want %q", got, want)
	}
	if got, want := blocks.Stamp(at), "<!date^1795424400^"+moment; got != want {
		t.Errorf("stamp = %q, want %q", got, want)
	}
}

func BenchmarkDrawApproverCard(b *testing.B) {
	c := bottest.Asked()
	b.ReportAllocs()
	for b.Loop() {
		k := mustDraw(b, notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToApprover, Reader: bottest.Noor()})
		if _, err := k.Digest(); err != nil {
			b.Fatal(err)
		}
	}
}

// Where decisions count in Jira alone, a card says so and has no button for one.
func TestCardsWhereOnlyJiraDecides(t *testing.T) {
	there := bottest.Change(bottest.Asked(), func(c *access.Case) {
		c.Request.Issue = access.Issue{Key: "IT-7", URL: "https://acme.atlassian.net/browse/IT-7"}
	})
	soon := bottest.Change(bottest.Asked(), func(c *access.Case) { c.Request.Issue = access.Issue{} })
	for _, audience := range []notify.Audience{notify.ToApprover, notify.ToChannel} {
		for want, c := range map[string]access.Case{"decide in Jira, in <https://acme.atlassian.net/browse/IT-7|IT-7>": there, "decide in Jira, once the issue is there": soon} {
			drawn, err := Draw(notify.CardUpdate{Content: bottest.Shows(c), Audience: audience, Reader: bottest.Noor()}, Config{JiraOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(drawn.Blocks)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(raw))
			if !strings.Contains(text, want) || strings.Contains(text, "Approve") || strings.Contains(text, "Deny") || !strings.Contains(text, "Ask a question") {
				t.Errorf("%s reads %s", audience, text)
			}
		}
	}
}

func TestHowManyHaveToAgree(t *testing.T) {
	two := bottest.Change(bottest.Asked(), func(c *access.Case) { c.Request.Stages[0].Need = catalog.Need{AtLeast: 2} })
	for _, side := range []struct {
		audience notify.Audience
		reader   access.Person
		want     string
	}{
		{notify.ToApprover, bottest.Noor(), "2 different people have to say yes; also asked: "},
		{notify.ToRequester, bottest.Maya(), "2 different people have to say yes."},
	} {
		c := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(two), Audience: side.audience, Reader: side.reader})
		if got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": c.Blocks})); !strings.Contains(got, side.want) {
			t.Errorf("%s reads %s, want …%s…", side.audience, got, side.want)
		}
	}
}

// What IT was told of and what came of it: sorted out is only what is.
func TestITReadsHowItCameOut(t *testing.T) {
	all := bottest.Situations()
	stuck := access.Event{Kind: access.EventStuck, N: 1}
	for title, c := range map[string]access.Case{
		"Nobody answered":   all["lapsed"],
		"Denied":            all["denied"],
		"Cancelled":         all["cancelled"],
		"Not given":         all["never-given"],
		"Sorted out":        all["retried"],
		"Being tried again": bottest.Change(all["preparing"], func(c *access.Case) { c.Story = append(c.Story, stuck) }),
	} {
		m := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToIT})
		if !strings.HasPrefix(m.Text, title+": ") {
			t.Errorf("it reads %q, want %s", m.Text, title)
		}
	}
}

package bot

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/notify"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, diff)
	}
}

// readersOf are who sees the faces in the golden files.
func readersOf() map[notify.Audience][]access.Person {
	return map[notify.Audience][]access.Person{
		notify.ToRequester:  {maya},
		notify.ToApprover:   {noor, omar},
		notify.ToFulfillers: {omar},
		notify.ToIT:         {{}},
		notify.ToChannel:    {{}},

		notify.ToReminder.Revision(1): {maya},
		notify.ToReview.Revision(1):   {noor},
	}
}

// shows is what a card of a case shows.
func shows(c access.Case) notify.Content { return notify.RequestContent{Case: c} }

func mustDraw(t testing.TB, u notify.CardUpdate) card {
	t.Helper()
	c, err := draw(u, scene{command: "/access"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCardsTellTheStory(t *testing.T) {
	all := lives()
	for face, readers := range readersOf() {
		var out strings.Builder
		for _, life := range slices.Sorted(maps.Keys(all)) {
			for _, reader := range readers {
				if neverShown(face, all[life]) {
					continue
				}
				c := mustDraw(t, notify.CardUpdate{Content: shows(all[life]), Audience: face, Reader: reader})
				wantCardWithinLimits(t, c)
				fmt.Fprintf(&out, "==== %s, read by %s\n%s\n", life, or(reader.Name, "the IT channel"), printed(parse(t, map[string]any{"blocks": c.Blocks})))
			}
		}
		base, _ := face.Parts()
		golden(t, "card_"+string(base), out.String())
	}
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
		return c.Request.Emergency
	}
	return false
}

// printed shows blocks the way a reader would see them.
func printed(view block) string {
	var b strings.Builder
	for _, v := range view["blocks"].([]any) {
		o := v.(block)
		switch o["type"] {
		case "header":
			fmt.Fprintf(&b, "# %s\n", words(o["text"]))
		case "section":
			if o["text"] != nil {
				fmt.Fprintln(&b, words(o["text"]))
			}
			fields, _ := o["fields"].([]any)
			for _, f := range fields {
				fmt.Fprintln(&b, "| "+strings.ReplaceAll(words(f), "\n", " / "))
			}
		case "context":
			for _, e := range o["elements"].([]any) {
				fmt.Fprintln(&b, "-- "+words(e))
			}
		case "actions":
			for _, e := range o["elements"].([]any) {
				fmt.Fprintln(&b, printedButton(e.(block)))
			}
		case "input":
			b.WriteString(printedInput(o))
		}
	}
	return b.String()
}

func words(v any) string { return fmt.Sprint(v.(block)["text"]) }

func printedButton(e block) string {
	s := fmt.Sprintf("[%s] %v %v", words(e["text"]), e["action_id"], e["value"])
	if c, ok := e["confirm"].(block); ok {
		s += fmt.Sprintf(" (%s %s [%s] [%s])", words(c["title"]), words(c["text"]), words(c["confirm"]), words(c["deny"]))
	}
	return s
}

func printedInput(o block) string {
	e := o["element"].(block)
	s := fmt.Sprintf("<%s> %v %v/%v\n", words(o["label"]), e["type"], o["block_id"], e["action_id"])
	options, _ := e["options"].([]any)
	for _, v := range options {
		mark := " "
		if fmt.Sprint(v) == fmt.Sprint(e["initial_option"]) {
			mark = "*"
		}
		s += fmt.Sprintf("  %s %s = %v\n", mark, words(v.(block)["text"]), v.(block)["value"])
	}
	if options == nil && e["initial_option"] != nil {
		s += "  * " + words(e["initial_option"].(block)["text"]) + "\n"
	}
	return s
}

// The fallback is what a screen reader and a notification get: it must not tell
// less than the blocks.
func TestFallbackTellsTheSame(t *testing.T) {
	for life, c := range lives() {
		for face, readers := range readersOf() {
			k := mustDraw(t, notify.CardUpdate{Content: shows(c), Audience: face, Reader: readers[0]})
			for _, line := range strings.Split(printed(parse(t, map[string]any{"blocks": k.Blocks})), "\n") {
				line = strings.TrimLeft(line, "#-| ")
				if line == "" || line[0] == '[' || line[0] == '*' || strings.Contains(line, " / ") {
					continue
				}
				if plainLine := esc(line, 3000); !strings.Contains(k.Text, line) && !strings.Contains(k.Text, plainLine) {
					t.Errorf("%s, %s: the text doesn't say %q", life, face, line)
				}
			}
		}
	}
}

func TestDecidedCardsNameTheDeciderAndHaveNoButtons(t *testing.T) {
	for _, life := range []string{"denied", "preparing", "active", "ending", "stuck", "returned"} {
		for _, reader := range []access.Person{noor, omar} {
			c := mustDraw(t, notify.CardUpdate{Content: shows(lives()[life]), Audience: notify.ToApprover, Reader: reader})
			who := map[access.PersonID]string{noor.ID: "by you, <!date^", omar.ID: "by Noor Haddad, <!date^"}[reader.ID]
			if !strings.Contains(c.Text, who) {
				t.Errorf("%s for %s: %q is missing in\n%s", life, reader.Name, who, c.Text)
			}
			if got := printed(parse(t, map[string]any{"blocks": c.Blocks})); strings.Contains(got, "[") {
				t.Errorf("%s for %s still has buttons:\n%s", life, reader.Name, got)
			}
		}
	}
}

// evil is text as the world may hold it.
func evil() map[string]string {
	return map[string]string{
		"long":    strings.Repeat("Maximilian ", 50),
		"word":    strings.Repeat("x", 500),
		"mention": "<!channel> <@U0ADMIN> <!subteam^S1> @everyone",
		"link":    "<https://evil.test|IT-1> & co",
		"amps":    strings.Repeat("&", 1000),
		"emoji":   strings.Repeat("👨‍👩‍👧‍👦🏳️‍🌈", 60),
		"rtl":     "\u202eمرحبا بالعالم" + strings.Repeat("ש", 400),
		"lines":   strings.Repeat("a\n", 500),
		"quotes":  "`rm -rf` *bold* _it_ ~no~ > said\n> fake quote",
		"zalgo":   strings.Repeat("e\u0301\u0302\u0303", 200),
		"empty":   "",
		"blank":   " \n\t ",
		"invalid": "\xff\xfe",
	}
}

// haunted puts text into every place that takes text of others.
func haunted(c access.Case, text string) access.Case {
	c.App.Name, c.Role.Name, c.Role.Description = text, text, text
	c.Fulfillers = []access.PersonID{access.PersonID(text), access.PersonID(text)}
	c.Requester.Name, c.Beneficiary.Name = text, text
	c.Beneficiary.Title, c.Beneficiary.Department, c.Beneficiary.Manager = text, text, access.PersonID(text)
	c.Request.Reason, c.Request.Issue.Key = text, text
	c.Request.Stages = slices.Clone(c.Request.Stages)
	for i := range c.Request.Stages {
		for range 40 {
			c.Request.Stages[i].Asked = append(c.Request.Stages[i].Asked, access.PersonID(text))
		}
		for j := range c.Request.Stages[i].Answers {
			c.Request.Stages[i].Answers[j].Reason = text
		}
	}
	for range 100 {
		c.Role.Groups = append(c.Role.Groups, catalog.GroupRef{Directory: "okta", Group: text})
	}
	if c.Grant != nil {
		g := *c.Grant
		g.Problem = text
		c.Grant = &g
	}
	for i := range c.Story {
		c.Story[i].Note = text
	}
	return c
}

func TestCardsSurviveAnyText(t *testing.T) {
	for name, text := range evil() {
		for life := range lives() {
			c := haunted(lives()[life], text)
			for face, readers := range readersOf() {
				if neverShown(face, c) {
					continue
				}
				t.Run(fmt.Sprint(name, "/", life, "/", face), func(t *testing.T) {
					wantCardWithinLimits(t, mustDraw(t, notify.CardUpdate{Content: shows(c), Audience: face, Reader: readers[0]}))
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
		c := asked()
		c.Request.Issue.URL = link
		if got := (scene{Case: c}).ticket(); got != want {
			t.Errorf("ticket(%.40q) = %q, want %q", link, got, want)
		}
	}
}

func TestWhenSaysTheSameWithoutSlack(t *testing.T) {
	if got, want := when(time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("", 3600))),
		"<!date^1795424400^{date_short_pretty} at {time}|23 Nov 2026 at 09:00 UTC>"; got != want {
		t.Errorf("when = %q, want %q", got, want)
	}
}

// Where decisions count in Jira alone, a card says so and has no button for one.
func TestCardsWhereOnlyJiraDecides(t *testing.T) {
	there := change(asked(), func(c *access.Case) {
		c.Request.Issue = access.Issue{Key: "IT-7", URL: "https://acme.atlassian.net/browse/IT-7"}
	})
	soon := change(asked(), func(c *access.Case) { c.Request.Issue = access.Issue{} })
	for _, audience := range []notify.Audience{notify.ToApprover, notify.ToChannel} {
		for want, c := range map[string]access.Case{"decide in Jira, in <https://acme.atlassian.net/browse/IT-7|IT-7>": there, "decide in Jira, once the issue is there": soon} {
			drawn, err := draw(notify.CardUpdate{Content: shows(c), Audience: audience, Reader: noor}, scene{jiraOnly: true})
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

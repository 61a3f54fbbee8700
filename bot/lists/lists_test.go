package lists

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/workflow/query"
)

// listing are the lists of a house in which the case is.
func listing(t *testing.T, c access.Case) *Lists {
	h := bottest.NewHouse(t, catalog.New([]catalog.App{bottest.Figma(), bottest.Vault()}, bottest.ApprovalRoutes()), bottest.Members{})
	for _, id := range []string{bottest.MayaID, bottest.NoorID, bottest.OmarID} {
		if _, err := h.Flow.People.Who(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	h.Keep(c)
	return New(Config{Query: h.Flow.Query, People: h.Flow.People, Catalog: h.Catalog, Now: h.Clock.Now})
}

// printed shows rows the way a reader would see them.
func printed(t *testing.T, rows []Row) string {
	var body []any
	for _, r := range rows {
		for _, b := range r.Blocks() {
			body = append(body, b)
		}
	}
	return bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": body}))
}

func TestEachListShowsWhatConcernsItsReader(t *testing.T) {
	for name, c := range map[string]struct {
		situation string
		read      func(*Lists) ([]Row, int, error)
		want      []string
	}{
		"asked": {"asked", func(l *Lists) ([]Row, int, error) { return l.Asked(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"*Figma · Editor* for 6 hours", "Waiting for Noor Haddad and Omar Reyes.", "IT-1", "[Cancel request] cancel AR-7K2M9QXW"}},
		"decisions": {"asked", func(l *Lists) ([]Row, int, error) { return l.Decisions(t.Context(), bottest.Noor().ID, 0, 5) },
			[]string{"*Maya Lind*: *Figma · Editor* for 6 hours", "&lt;Spring&gt;", "[Approve 6 hours] approve AR-7K2M9QXW/1", "[Deny…] deny"}},
		"more time": {"more-time", func(l *Lists) ([]Row, int, error) { return l.Decisions(t.Context(), bottest.Noor().ID, 0, 5) },
			[]string{"More time for *Figma · Editor*"}},
		"held": {"active", func(l *Lists) ([]Row, int, error) { return l.Held(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"*Figma · Editor*", "6 hours left, until", "[Extend] extend AR-7K2M9QXW", "[Give it back] return AR-7K2M9QXW"}},
		"stuck": {"stuck", func(l *Lists) ([]Row, int, error) { return l.Stuck(t.Context(), bottest.Omar().ID, 0, 5) },
			[]string{"*1 · Stuck: Figma · Editor* for Maya Lind", "filled by a rule", "[Retry] retry AR-7K2M9QXW"}},
		"stuck while removing": {"stuck-gone", func(l *Lists) ([]Row, int, error) { return l.Stuck(t.Context(), bottest.Omar().ID, 0, 5) },
			[]string{"*1 · :warning: Stuck while removing: Figma · Editor"}},
		"stuck by hand": {"manual-stuck", func(l *Lists) ([]Row, int, error) { return l.Stuck(t.Context(), bottest.Omar().ID, 0, 5) },
			[]string{"*1 · :warning: Stuck while removing: Vault · Admin", "Their support has to do it", "[It's done] done AR-7K2M9QXW/revoking", "[Ask again] retry AR-7K2M9QXW"}},
	} {
		t.Run(name, func(t *testing.T) {
			rows, total, err := c.read(listing(t, bottest.Situations()[c.situation]))
			if err != nil || total != 1 {
				t.Fatal(total, err)
			}
			got := printed(t, rows)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
		})
	}
}

func TestOnlyITSeesWhatIsStuck(t *testing.T) {
	if _, _, err := listing(t, bottest.Situations()["stuck"]).Stuck(t.Context(), bottest.Maya().ID, 0, 5); err == nil {
		t.Error("anybody sees what is stuck")
	}
}

func TestHowAGrantStands(t *testing.T) {
	now := bottest.Monday()
	for want, g := range map[string]access.Grant{
		"No end of its own.":                   {State: access.GrantActive},
		"Ends; somebody has to remove it.":     {State: access.GrantManual, Revoking: true},
		"Approved; somebody has to set it up.": {State: access.GrantManual},
		"Being removed.":                       {State: access.GrantEnding},
		"Stuck. IT has been told.":             {State: access.GrantStuck},
		"Being set up.":                        {State: access.GrantProvisioning},
	} {
		if got := HeldText(g, now); got != want {
			t.Errorf("%s: %q, want %q", g.State, got, want)
		}
	}
	if got := HeldText(access.Grant{State: access.GrantActive, Ends: now.Add(49 * time.Hour)}, now); !strings.HasPrefix(got, "2 days left, until ") {
		t.Errorf("it reads %q", got)
	}
	out := access.Grant{State: access.GrantActive, Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "figma"}, State: access.EntitlementHeld, Missing: true}}}
	if got := HeldText(out, now); got != "No end of its own. Somebody has taken it away, as it was seen last." {
		t.Errorf("it reads %q", got)
	}
}

func TestWhereAccessComesFrom(t *testing.T) {
	for want, h := range map[string]query.Holding{
		"<https://jira.acme.example/IT-1|IT-1>":             {Request: access.Request{ID: "AR-1", Issue: access.Issue{Key: "IT-1", URL: "https://jira.acme.example/IT-1"}}},
		"Found in the directory; nobody asked for it here.": {Grant: access.Grant{Source: access.SourceAdopted}},
		"Given by a rule.":                                  {Grant: access.Grant{Source: access.SourceRule}},
		"":                                                  {},
	} {
		if got := Origin(h); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWhatARequestIsAbout(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	for want, r := range map[string]access.Request{
		"Figma · Editor": {App: "figma", Role: "editor"},
		"gone · x":       {App: "gone", Role: "x"},
		"A mailbox":      {Unlisted: "A mailbox"},
	} {
		if got := Subject(c, r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := printed(t, []Row{stuckRow(c, query.Stuck{Number: 3, ID: "T-1", What: "Tell Jira", Why: "no answer"}, nil)}); !strings.Contains(got, "*3 · Stuck: Tell Jira*\nno answer.\n[Retry] unstick T-1") {
		t.Errorf("it reads\n%s", got)
	}
}

func TestAWeekInNumbers(t *testing.T) {
	quiet := strings.Join(Week(evidence.Report{}), " ")
	if want := "0 requests: 0 approvals, 0 denials, 0 manual changes. No answer was given. No removal was seen."; quiet != want {
		t.Errorf("a quiet week reads %q", quiet)
	}
	var busy evidence.Report
	busy.Submitted, busy.Requests = 2, map[access.RequestState]int{access.RequestApproved: 1}
	busy.Approval.Count, busy.Approval.Median = 1, 3*time.Minute
	busy.Removed, busy.RevokeLag.Worst = 1, 1500*time.Millisecond
	got := fmt.Sprint(Week(busy))
	for _, want := range []string{"2 requests: 1 approval", "an answer took 3 minutes", "1 access ended", "less than a second in the middle, 2 seconds at worst"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
}

func TestDecisionsThatCountInJiraAlone(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	got := printed(t, []Row{decisionRow(c, cards.Config{JiraOnly: true}, bottest.Asked().Request, bottest.Noor().ID, nil)})
	if !strings.Contains(got, "Please decide in Jira, in <https://jira.acme.example/browse/IT-1|IT-1>") || strings.Contains(got, "[Approve]") {
		t.Errorf("it reads\n%s", got)
	}
}

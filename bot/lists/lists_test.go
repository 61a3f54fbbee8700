package lists

import (
	"context"
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
		"a decision that waits": {"asked", func(l *Lists) ([]Row, int, error) { return l.Waiting(t.Context(), bottest.Noor().ID, 0, 5) },
			[]string{"*Maya Lind*: *Figma · Editor* for 6 hours", "[Approve 6 hours] approve AR-7K2M9QXW/1"}},
		"an emergency": {"emergency-asked", func(l *Lists) ([]Row, int, error) { return l.Waiting(t.Context(), bottest.Noor().ID, 0, 5) },
			[]string{"*Maya Lind* took *Figma · Editor* in an emergency: was it right?", "&lt;Spring&gt;", "[Justified] justified AR-7K2M9QXW", "[Not justified…] unjustified"}},
		"denied": {"denied", func(l *Lists) ([]Row, int, error) { return l.Past(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"*Figma · Editor*\nNoor Haddad said no, ", "IT-1", "[Ask again] ask_again AR-7K2M9QXW"}},
		"lapsed": {"lapsed", func(l *Lists) ([]Row, int, error) { return l.Past(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"Nobody answered, ", "[Ask again]"}},
		"given back": {"returned", func(l *Lists) ([]Row, int, error) { return l.Past(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"You gave it back, ", "[Ask again]"}},
		"never given": {"never-given", func(l *Lists) ([]Row, int, error) { return l.Past(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"It wasn't given, "}},
		"held": {"active", func(l *Lists) ([]Row, int, error) { return l.Held(t.Context(), bottest.Maya().ID, 0, 5) },
			[]string{"*Figma · Editor*", "6 hours left, until", "[Extend] extend AR-7K2M9QXW", "[Give it back] return AR-7K2M9QXW"}},
		"stuck": {"stuck", func(l *Lists) ([]Row, int, error) { return l.Stuck(t.Context(), bottest.Omar().ID, 0, 5) },
			[]string{"*1 · Stuck: Figma · Editor* for Maya Lind", "filled by a rule", "[Retry] retry AR-7K2M9QXW"}},
		"stuck while removing": {"stuck-gone", func(l *Lists) ([]Row, int, error) { return l.Stuck(t.Context(), bottest.Omar().ID, 0, 5) },
			[]string{"*1 · :warning: Stuck while removing: Figma · Editor"}},
		"stuck by hand": {"manual-stuck", func(l *Lists) ([]Row, int, error) { return l.Stuck(t.Context(), bottest.Omar().ID, 0, 5) },
			[]string{"*1 · :warning: Stuck while removing: Vault · Admin", "Their support has to do it", "[It's done] done AR-7K2M9QXW/revoking", "[Retry] retry AR-7K2M9QXW"}},
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
		"No end of its own.":                    {State: access.GrantActive},
		"Ends; somebody has to remove it.":      {State: access.GrantManual, Revoking: true},
		"Approved; somebody has to set it up.":  {State: access.GrantManual},
		"Being removed.":                        {State: access.GrantEnding},
		"Stuck. IT has been told.":              {State: access.GrantStuck},
		"Being set up.":                         {State: access.GrantProvisioning},
		"Lasts as long as the job is the same.": {State: access.GrantActive, Source: access.SourceBirthright},
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
	out.Entitlements = append(out.Entitlements, access.Entitlement{State: access.EntitlementHeld})
	if got := HeldText(out, now); got != "No end of its own. Somebody has taken a part of it away, as it was seen last." {
		t.Errorf("it reads %q", got)
	}
}

// Nobody but IT reads of groups, tokens and ids of ours.
func TestRowsOfEmployeesAreInTheirWords(t *testing.T) {
	taken := bottest.Situations()["forever"]
	taken.Grant.Entitlements = []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, State: access.EntitlementHeld, Missing: true}}
	all := bottest.Situations()
	all["taken out"] = taken
	for name, c := range all {
		l := listing(t, c)
		for list, read := range map[string]func(context.Context, access.PersonID, int, int) ([]Row, int, error){"waiting": l.Waiting, "held": l.Held, "asked": l.Asked, "over": l.Past} {
			for _, who := range []access.PersonID{bottest.Maya().ID, bottest.Noor().ID} {
				rows, _, err := read(t.Context(), who, 0, 9)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					for _, technical := range []string{"token", "group", "provision", "entitlement", "AR-", "okta:"} {
						if strings.Contains(strings.ToLower(r.Text), strings.ToLower(technical)) {
							t.Errorf("%s, %s of %s: %q is in\n%s", name, list, who, technical, r.Text)
						}
					}
				}
			}
		}
	}
}

func TestWhereAccessComesFrom(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes()).WithBirthrights(catalog.Birthrights{Rules: []catalog.Birthright{{ID: "design", If: catalog.Condition{Departments: []string{"Design"}}}}})
	for want, h := range map[string]query.Holding{
		"<https://jira.acme.example/IT-1|IT-1>":             {Request: access.Request{ID: "AR-1", Issue: access.Issue{Key: "IT-1", URL: "https://jira.acme.example/IT-1"}}},
		"Found in the directory; nobody asked for it here.": {Grant: access.Grant{Source: access.SourceAdopted}},
		"Given by a rule.":                                  {Grant: access.Grant{Source: access.SourceRule}},
		"Comes with Design.":                                {Grant: access.Grant{Source: access.SourceBirthright, Birthright: "design"}},
		"Came with your job; the rule is gone.":             {Grant: access.Grant{Source: access.SourceBirthright, Birthright: "gone"}},
		"":                                                  {},
	} {
		if got := Origin(c, h); got != want {
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
	busy.Answers = map[access.Surface]evidence.Spread{access.OnCard: {Count: 1, Median: 2 * time.Minute}, access.OnIssue: {Count: 1, Median: 2 * time.Hour}}
	busy.Removed, busy.RevokeLag.Worst, busy.Drift = 1, 1500*time.Millisecond, 3
	got := fmt.Sprint(Week(busy))
	for _, want := range []string{"2 requests: 1 approval", "an answer took 3 minutes: on a card 2 minutes, in Jira 2 hours.", "1 access ended", "less than a second in the middle, 2 seconds at worst", "3 changes by hand in Jira were told and not obeyed."} {
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

// What is offered no more can't be asked for again.
func TestWhatIsGoneIsNotOfferedAgain(t *testing.T) {
	l := listing(t, bottest.Situations()["denied"])
	retired := bottest.Figma()
	retired.Status = catalog.Retired
	l.catalog = func() *catalog.Catalog { return catalog.New([]catalog.App{retired}, bottest.ApprovalRoutes()) }
	rows, _, err := l.Past(t.Context(), bottest.Maya().ID, 0, 5)
	if got := printed(t, rows); err != nil || !strings.Contains(got, "Noor Haddad said no") || strings.Contains(got, "Ask again") {
		t.Errorf("it reads\n%s%v", got, err)
	}
}

// A question says what it is about.
func TestQuestions(t *testing.T) {
	asked := bottest.Change(bottest.Situations()["questioned"], func(c *access.Case) { c.Request.Questioned = true })
	rows, total, err := listing(t, asked).Waiting(t.Context(), bottest.Maya().ID, 0, 5)
	if got := printed(t, rows); err != nil || total != 1 || !strings.Contains(got, "A question about *Figma · Editor*") || !strings.Contains(got, "[Answer…] answer AR-7K2M9QXW") {
		t.Errorf("%d, %v, it reads\n%s", total, err, got)
	}
}

// A change that is to be made by hand says which way it goes.
func TestTasksByHand(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	names := map[access.PersonID]access.Person{bottest.Maya().ID: bottest.Maya()}
	for want, revoking := range map[string]bool{"Give *Maya Lind* access to *Figma · Editor*": false, "Remove *Maya Lind* from *Figma · Editor*": true} {
		w := query.Waiting{For: query.WaitsForTask, Request: bottest.Asked().Request, Grant: access.Grant{Revoking: revoking}, Since: bottest.Monday()}
		got := printed(t, []Row{waitingRow(c, cards.Config{}, w, bottest.Omar().ID, names)})
		if way := string(w.Grant.Direction()); !strings.Contains(got, want) || !strings.Contains(got, "[It's done] done AR-7K2M9QXW/"+way) {
			t.Errorf("it reads\n%s", got)
		}
	}
}

// What the groups hold is told as it was seen, with the time of the look.
func TestMembershipsNotAsGranted(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	m := query.NotGiven{Mismatch: access.Mismatch{App: "figma", Role: "editor", Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}}, Who: bottest.Maya()}
	for want, change := range map[string]func(*query.NotGiven){
		"*Maya Lind* was in `okta:figma-editors`, and no grant explains it.":                func(*query.NotGiven) {},
		"*Maya Lind*, who has left, was in `okta:figma-editors`, and no grant explains it.": func(m *query.NotGiven) { m.Left = true },
		"*Maya Lind* wasn't in `okta:figma-editors`, although *Figma · Editor* lasts.":      func(m *query.NotGiven) { m.Missing = true },
	} {
		one := m
		change(&one)
		if got := comparedRow(c, one).Text; got != want {
			t.Errorf("it reads %q, want %q", got, want)
		}
	}
	if got := comparedNote(query.Compared{}); got != "The groups weren't compared with the grants yet." {
		t.Errorf("before the first: %q", got)
	}
	if got := comparedNote(query.Compared{Survey: access.Survey{At: bottest.Monday()}}); !strings.HasPrefix(got, "What was looked at was as granted when the groups were compared, ") {
		t.Errorf("without a mismatch: %q", got)
	}
	found := query.Compared{Odd: query.List[query.NotGiven]{Total: 1}, Survey: access.Survey{At: bottest.Monday(), More: 2, Problems: []string{"The group <x> can't be read"}}}
	got := comparedNote(found)
	for _, want := range []string{"As the groups were compared with the grants, ", "2 more memberships aren't named here.", "1 thing couldn't be looked at: The group &lt;x&gt; can't be read."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in %s", want, got)
		}
	}
}

package access_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// apartBooks keeps who posts from who pays, with exceptions for a day, in emergencies too.
func apartBooks(edit func(*catalog.Conflict)) *catalog.Catalog {
	day := catalog.Durations{Choices: []time.Duration{4 * time.Hour, 30 * catalog.Day}, Default: 30 * catalog.Day}
	role := func(id string, needs ...catalog.Holding) catalog.Role {
		return catalog.Role{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Route: "owner", Durations: day, BreakGlass: true, Needs: needs,
			Groups: []catalog.GroupRef{{Directory: "okta", Group: id}}}
	}
	trained := catalog.Holding{Group: catalog.GroupRef{Directory: "okta", Group: "trained"}}
	app := catalog.App{ID: "books", Name: "Books", Status: catalog.Approved, Provisioning: catalog.ByDirectory,
		Roles: []catalog.Role{role("post"), role("pay"), role("audit", trained)}}
	k := catalog.Conflict{ID: "apart", Why: "Nobody pays what they post", Exception: catalog.ExceptionTerms{Route: "owner", Max: catalog.Day}}
	k.Not = [2][]catalog.Holding{{{App: "books", Role: "post"}}, {{App: "books", Role: "pay"}}}
	if edit != nil {
		edit(&k)
	}
	return catalog.New([]catalog.App{app}, []catalog.Route{{Name: "owner", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Owner}}}}}}).
		Under(catalog.Policy{Conflicts: []catalog.Conflict{k}})
}

func askOfBooks(role string, groups ...string) access.Ask {
	who := access.Person{ID: "P-sam", Name: "Sam", Email: "sam@acme.example", Kind: access.Employee, Standing: access.Active}
	in := map[catalog.GroupRef]catalog.Truth{}
	for _, g := range []string{"post", "pay", "trained"} {
		in[catalog.GroupRef{Directory: "okta", Group: g}] = catalog.No
	}
	for _, g := range groups {
		name, silent := strings.CutPrefix(g, "?")
		in[catalog.GroupRef{Directory: "okta", Group: name}] = catalog.Yes
		if silent {
			delete(in, catalog.GroupRef{Directory: "okta", Group: name})
		}
	}
	return access.Ask{ID: "AR-1", Origin: "V1", Requester: who, Beneficiary: who, App: "books", Role: role, Wanted: 4 * time.Hour, Reason: "Month end", Around: access.Circumstances{Groups: in}}
}

// TestAnExceptionIsAskedFor: the request says what it is an exception from and so do its first event and its grant;
// played again from the record it is the same.
func TestAnExceptionIsAskedFor(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	c := apartBooks(nil)
	r, e, _, err := access.Submit(c, askOfBooks("pay", "post"), access.Standings{}, at)
	if err != nil || len(r.Exceptions) != 1 || r.Exceptions[0].With != "Books · Post" || r.Exceptions[0].Max != catalog.Day || len(e.Opening.Exceptions) != 1 {
		t.Fatalf("got %+v, %v", r.Exceptions, err)
	}
	if !strings.HasPrefix(e.Note, "It can't go, by the policy, with Books · Post (conflict apart).") {
		t.Errorf("got %q", e.Note)
	}
	again, _, err := access.RecoveredCase{ID: r.ID, Was: access.CourseOf(r, nil), Story: []access.Event{e}}.Replay()
	if err != nil || len(again.Exceptions) != 1 || again.Exceptions[0] != r.Exceptions[0] {
		t.Errorf("got %+v, %v", again.Exceptions, err)
	}
	r.State = access.RequestApproved
	app, role, _ := c.Role("books", "pay")
	if g, _, _, err := access.Start(r, app, role, at); err != nil || len(access.ExceptionsOf([]access.Grant{g})) != 1 {
		t.Errorf("got %+v, %v", g, err)
	}
	long := askOfBooks("pay", "post")
	long.Wanted = 30 * catalog.Day
	if _, _, _, err := access.Submit(c, long, access.Standings{}, at); err == nil || !strings.Contains(err.Error(), "1 day at most") {
		t.Errorf("got %v", err)
	}
}

// TestConflictsAreRefused says what people read, and why it is refused.
func TestConflictsAreRefused(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	never := apartBooks(func(k *catalog.Conflict) { k.Exception = catalog.ExceptionTerms{} })
	asked := access.Standings{Requests: []access.Request{{ID: "AR-0", Origin: "V1", Beneficiary: "P-sam", App: "books", Role: "post", State: access.RequestPending}}}
	elsewhere := access.Standings{Requests: []access.Request{{ID: "AR-0", Origin: "V0", Beneficiary: "P-sam", App: "books", Role: "post", State: access.RequestPending}}}
	leaving := access.Standings{Grants: []access.Grant{{ID: "G-0", Person: "P-sam", App: "books", Role: "post", State: access.GrantEnding}}}
	gone := access.Standings{Grants: []access.Grant{{ID: "G-0", Person: "P-sam", App: "books", Role: "post", State: access.GrantEnded}}}
	for name, one := range map[string]struct {
		ask  access.Ask
		has  access.Standings
		why  access.Reason
		says string
	}{
		"by hand":           {askOfBooks("pay", "post"), access.Standings{}, access.NotAllowed, "Books · Pay can't go with Books · Post, which you have or have just asked for: Nobody pays what they post. (That is the conflict apart of the policy.)"},
		"not known":         {askOfBooks("pay", "?post"), access.Standings{}, access.Undetermined, "can't be found out now"},
		"asked for with it": {askOfBooks("pay"), asked, access.NotAllowed, "which you have or have just asked for"},
		"asked for before":  {askOfBooks("pay"), elsewhere, "", ""},
		"not gone yet":      {askOfBooks("pay"), leaving, access.NotAllowed, "can't go with"},
		"gone":              {askOfBooks("pay"), gone, "", ""},
		"training lapsed":   {askOfBooks("audit"), access.Standings{}, access.NotAllowed, "Books · Audit is only for who is in trained, and you are not."},
		"training unknown":  {askOfBooks("audit", "?trained"), access.Standings{}, access.Undetermined, "can't be found out now whether you are"},
		"trained":           {askOfBooks("audit", "trained"), access.Standings{}, "", ""},
	} {
		_, _, _, err := access.Submit(never, one.ask, one.has, at)
		refused, _ := access.AsRefusal(err)
		switch {
		case one.why == "" && err != nil, one.why != "" && (refused == nil || refused.Reason != one.why || !strings.Contains(refused.Sentence, one.says)):
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestAnEmergencyInSpiteOfAConflict: only where the conflict lets it through, and the event says so.
func TestAnEmergencyInSpiteOfAConflict(t *testing.T) {
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	if _, _, _, err := access.SubmitBreakGlass(apartBooks(nil), askOfBooks("pay", "post"), "Books", 4*time.Hour, access.Standings{}, at); err == nil {
		t.Error("an emergency went past a conflict that doesn't let it")
	}
	through := apartBooks(func(k *catalog.Conflict) { k.BreakGlass = true })
	r, e, _, err := access.SubmitBreakGlass(through, askOfBooks("pay", "post"), "Books", 4*time.Hour, access.Standings{}, at)
	if err != nil || len(r.Exceptions) != 1 || !strings.Contains(e.Note, "It can't go, by the policy, with Books · Post (conflict apart).") {
		t.Errorf("got %+v, %q, %v", r.Exceptions, e.Note, err)
	}
}

// TestConflictsOfSomebody: found by grants and groups; an exception allows its own pair, as long as it lives and the
// policy lets there be any.
func TestConflictsOfSomebody(t *testing.T) {
	c := apartBooks(nil)
	grant := func(role string, state access.GrantState, excepted bool) access.Grant {
		g := access.Grant{ID: "G-" + role, Person: "P-sam", App: "books", Role: role, State: state}
		if excepted {
			g.Exceptions = []catalog.Exception{{Conflict: "apart", Between: [2]catalog.Holding{{App: "books", Role: "post"}, {App: "books", Role: "pay"}}}}
		}
		return g
	}
	post := grant("post", access.GrantActive, false)
	byHand := askOfBooks("pay", "pay").Around.Groups
	for name, one := range map[string]struct {
		c      *catalog.Catalog
		grants []access.Grant
		groups map[catalog.GroupRef]catalog.Truth
		found  int
	}{
		"one side":            {c, []access.Grant{post}, nil, 1}, // of the other it isn't known
		"one side, for sure":  {c, []access.Grant{post}, askOfBooks("pay").Around.Groups, 0},
		"by hand":             {c, []access.Grant{post}, byHand, 1},
		"both given":          {c, []access.Grant{post, grant("pay", access.GrantActive, false)}, byHand, 1},
		"allowed":             {c, []access.Grant{post, grant("pay", access.GrantActive, true)}, byHand, 0},
		"the exception ends":  {c, []access.Grant{post, grant("pay", access.GrantEnding, true)}, byHand, 1},
		"there are none left": {apartBooks(func(k *catalog.Conflict) { k.Exception = catalog.ExceptionTerms{} }), []access.Grant{post, grant("pay", access.GrantActive, true)}, byHand, 1},
	} {
		if got := access.Conflicts(one.c, one.grants, one.groups); len(got) != one.found {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

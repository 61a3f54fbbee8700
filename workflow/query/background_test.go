package query_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
)

func TestBackground(t *testing.T) {
	w := newWorld(t)
	peopletest.Remember(t, w.Store, nil, "omar")
	for i, who := range []access.PersonID{omar, noor, ines} {
		w.put(func(tx store.Tx) error {
			k, err := store.Person(tx, who)
			if err != nil {
				return err
			}
			k.Department = []string{"Design", "Design", "IT"}[i]
			return store.PutPerson(tx, &k)
		})
		w.grant(access.Grant{ID: "G-1" + string(who), Person: who, State: access.GrantActive})
	}
	w.grant(access.Grant{ID: "G-X", Person: "nemo@acme.example", State: access.GrantActive})
	w.request(access.Request{ID: "AR-1", State: access.RequestDenied, Created: at(-48 * time.Hour), Decided: at(-47 * time.Hour)})
	decided := access.Request{ID: "AR-2", Requester: omar, Beneficiary: omar, App: "figma", Role: "editor", State: access.RequestApproved, Created: at(-48 * time.Hour), Decided: at(-47 * time.Hour),
		Stages: []access.Stage{{Answers: []access.Answer{{By: by(noor), Yes: true, At: at(-47 * time.Hour)}}}}}
	w.put(func(tx store.Tx) error { return store.PutRequest(tx, &decided) })
	r := w.request(access.Request{ID: "AR-3", State: access.RequestPending, Created: at(0)})

	c := access.Case{Request: r, Beneficiary: access.Person{ID: maya, Department: "Design"}}
	got, err := w.Background(t.Context(), c)
	if err != nil || len(got.Team) != 2 || got.TeamMore != 0 || len(got.Earlier) != 1 || got.People[omar].Name != "Omar" || got.People[noor].Name != "Noor" || len(got.History) != 1 || got.History[0].ID != "AR-1" {
		t.Errorf("got %+v, %v", got, err)
	}
	c.Request.State = access.RequestDenied
	if got, err := w.Background(t.Context(), c); err != nil || got.Team != nil {
		t.Errorf("nobody is asked any more: %+v, %v", got, err)
	}
}

// Who was seen in the role's groups at the last comparison counts, as does that it isn't known
// of somebody there whether they are of the team. A group that couldn't be read tells nothing.
func TestTheTeamAsItWasSeenLast(t *testing.T) {
	group, other := catalog.GroupRef{Directory: "okta", Group: "editors"}, catalog.GroupRef{Directory: "okta", Group: "more"}
	for name, c := range map[string]struct {
		groups, seen []catalog.GroupRef
		found        []access.PersonID
		more         int
		team         int
		dated, part  bool
	}{
		"seen":                   {[]catalog.GroupRef{group}, []catalog.GroupRef{group, other}, []access.PersonID{noor, maya}, 0, 1, true, false},
		"nobody there":           {[]catalog.GroupRef{group}, []catalog.GroupRef{group}, nil, 0, 0, true, false},
		"somebody unknown there": {[]catalog.GroupRef{group}, []catalog.GroupRef{group}, []access.PersonID{noor, ines}, 0, 1, true, true},
		"more than are named":    {[]catalog.GroupRef{group}, []catalog.GroupRef{group}, nil, 1, 0, true, true},
		"one couldn't be read":   {[]catalog.GroupRef{group, other}, []catalog.GroupRef{group}, []access.PersonID{noor}, 0, 0, false, false},
		"by hand":                {nil, []catalog.GroupRef{group}, nil, 0, 0, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put(func(tx store.Tx) error {
				k, err := store.Person(tx, noor)
				if err != nil {
					return err
				}
				k.Department = "Design"
				s := store.Survey{Survey: access.Survey{At: at(-time.Hour), Groups: c.seen, More: c.more}}
				for _, who := range c.found {
					s.Odd = append(s.Odd, access.Mismatch{Person: who, Group: group, App: "figma", Role: "editor"})
				}
				return errors.Join(store.PutPerson(tx, &k), store.PutSurvey(tx, &s))
			})
			r := w.request(access.Request{ID: "AR-3", State: access.RequestPending, Created: at(0)})
			got, err := w.Background(t.Context(), access.Case{Request: r, Role: catalog.Role{ID: "editor", Groups: c.groups}, Beneficiary: access.Person{ID: maya, Department: "Design"}})
			if err != nil || len(got.Team) != c.team || got.TeamAt.IsZero() == c.dated || got.TeamPart != c.part {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// TestATeamOfManyIsSaidToBeAPart: where an app has more holders than are looked at, the card doesn't say "nobody".
func TestATeamOfManyIsSaidToBeAPart(t *testing.T) {
	w := newWorld(t)
	for i := range 500 {
		w.grant(access.Grant{ID: fmt.Sprintf("G-%03d", i), Person: access.PersonID(fmt.Sprintf("P-%03d", i)), State: access.GrantActive})
	}
	r := w.request(access.Request{ID: "AR-3", State: access.RequestPending, Created: at(0)})
	got, err := w.Background(t.Context(), access.Case{Request: r, Beneficiary: access.Person{ID: maya, Department: "Design"}})
	if err != nil || !got.TeamPart {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestUsage(t *testing.T) {
	w := newWorld(t)
	w.put(func(tx store.Tx) error {
		return store.PutPerson(tx, &store.Known{Person: access.Person{ID: maya, Department: " design"}})
	})
	w.grant(access.Grant{ID: "G-1", State: access.GrantActive, App: "suite"})
	w.grant(access.Grant{ID: "G-2", State: access.GrantActive})
	w.grant(access.Grant{ID: "G-3", State: access.GrantActive})
	w.grant(access.Grant{ID: "G-4", State: access.GrantActive, Person: "nemo@acme.example"})
	for range 2 {
		if got, err := w.UsedBy(t.Context(), "Design"); err != nil || !slices.Equal(got, []string{"figma", "suite"}) {
			t.Errorf("got %v, %v", got, err)
		}
		w.grant(access.Grant{ID: "G-5", State: access.GrantActive, App: "third", Role: "x"}) // counted later
		w.put(func(tx store.Tx) error { return tx.Delete("grant", "G-5") })
	}
}

// What can't be read back of one person, or of one grant, hides nothing of what others use.
func TestUsageBesideDamage(t *testing.T) {
	w := newWorld(t)
	w.put(func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "person", ID: "P-0BROKEN000", Body: []byte("{")})
		_, err2 := tx.Put(store.Record{Kind: "grant", ID: "G-0", Body: []byte("{"), Index: []string{"state:active"}})
		return errors.Join(err, err2, store.PutPerson(tx, &store.Known{Person: access.Person{ID: maya, Department: "Design"}}))
	})
	w.grant(access.Grant{ID: "G-1", State: access.GrantActive, App: "suite"})
	if got, err := w.UsedBy(t.Context(), "Design"); err != nil || !slices.Equal(got, []string{"suite"}) {
		t.Errorf("got %v, %v", got, err)
	}
}

// What is usual is said of a role as of an app, once enough is known of either.
func TestPace(t *testing.T) {
	w := newWorld(t)
	asked := func(n int, role string, took time.Duration, emergency bool) {
		r := w.request(access.Request{ID: fmt.Sprintf("AR-%03d", n), Role: role, BreakGlass: emergency, State: access.RequestApproved, Created: at(0), Decided: at(took)})
		if took > 0 {
			w.grant(access.Grant{ID: r.GrantID(), Request: r.ID, State: access.GrantActive, Started: at(took)})
		}
	}
	for n := range 9 {
		asked(n, "editor", time.Duration(n+1)*time.Minute, false)
	}
	asked(20, "viewer", time.Second, false)
	asked(21, "editor", time.Second, true) // in an emergency
	asked(22, "editor", 0, false)          // never there
	got, err := w.Pace(t.Context(), "figma")
	if want := (query.Pace{There: 5 * time.Minute, Of: 10}); err != nil || got.App != want || !got.App.Known() {
		t.Errorf("the app: %+v, %v", got, err)
	}
	if want := (query.Pace{There: 5 * time.Minute, Of: 9}); got.Roles["editor"] != want || got.Roles["editor"].Known() || got.Roles["viewer"].Of != 1 {
		t.Errorf("the roles: %+v", got.Roles)
	}
	if none, err := w.Pace(t.Context(), "suite"); err != nil || none.App.Of != 0 || none.App.Known() {
		t.Errorf("got %+v, %v", none, err)
	}
}

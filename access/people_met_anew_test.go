package access_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
)

// Somebody who was met anew by an account is who the record says they are, unless anything
// contradicts.
func TestRejoin(t *testing.T) {
	since := at.Add(time.Hour)
	known := func(id access.PersonID, all ...access.Binding) access.Person {
		if id == benID { // who was met later
			for i := range all {
				all[i].Since = at.Add(time.Minute)
			}
		}
		return access.Person{ID: id, Bindings: all}
	}
	bound := func(system, id string, level access.Assurance) access.Binding {
		b := boundTo(system, id, at)
		b.Level = level
		return b
	}
	denied := bound("slack", "U1", access.AssuranceFirst)
	denied.Until, denied.Denied = since, true
	ended := bound("okta", "00u1", access.AssuranceChecked)
	ended.Until = since
	ann := known(annID, bound("slack", "U1", access.AssuranceFirst), bound("okta", "00u1", access.AssuranceChecked))
	for name, c := range map[string]struct {
		recorded, anew access.Person
		one            bool
	}{
		"the account in the directory":      {ann, known(benID, bound("okta", "00u1", access.AssuranceFirst)), true},
		"the account in Slack":              {ann, known(benID, bound("slack", "U1", access.AssuranceFirst)), true},
		"one more account":                  {ann, known(benID, bound("okta", "00u1", access.AssuranceFirst), bound("jira", "5b1", access.AssuranceProven)), true},
		"nothing in common":                 {ann, known(benID, bound("jira", "5b1", access.AssuranceProven)), false},
		"an account that is only shown":     {known(annID, bound("jira", "5b1", access.AssuranceShown)), known(benID, bound("jira", "5b1", access.AssuranceFirst)), false},
		"another account in Slack":          {ann, known(benID, bound("okta", "00u1", access.AssuranceFirst), bound("slack", "U2", access.AssuranceChecked)), false},
		"said not to be theirs since":       {ann, known(benID, bound("okta", "00u1", access.AssuranceFirst), denied), false},
		"said not to be theirs before":      {known(annID, denied, bound("okta", "00u1", access.AssuranceChecked)), known(benID, bound("okta", "00u1", access.AssuranceFirst), bound("slack", "U1", access.AssuranceChecked)), false},
		"known before":                      {known(annID, boundTo("slack", "U1", at.Add(2*time.Minute))), known(benID, bound("slack", "U1", access.AssuranceFirst)), false},
		"no more theirs, as the record has": {known(annID, bound("slack", "U1", access.AssuranceFirst), ended), known(benID, bound("okta", "00u1", access.AssuranceFirst)), false},
	} {
		kept, gone, one := access.Rejoin(c.recorded, c.anew, since)
		if one != c.one {
			t.Errorf("%s: one human is %v", name, one)
			continue
		}
		if !one {
			continue
		}
		if kept.ID != annID || kept.Account("slack") != "U1" || kept.Account("okta") != "00u1" || gone.ID != benID || gone.Same != annID ||
			len(access.AccountsOf(gone)) > 0 || !slices.Equal(kept.United, []access.PersonID{benID}) || len(access.AccountsOf(kept)) < 2 {
			t.Errorf("%s: %+v and %+v", name, kept, gone)
		}
	}
}

// How they stand is as they were seen last; how surely an account is theirs is as it was,
// unless it was proved since.
func TestWhatIsKnownOfTheRejoined(t *testing.T) {
	ann := access.Person{ID: annID, Offboarded: at, Bindings: []access.Binding{boundTo("slack", "U1", at)}}
	ann.Bindings = append(ann.Bindings, access.Binding{System: "okta", ID: "00u1", Level: access.AssuranceChecked, Since: at})
	shown := access.ShownAddress("slack", "ann@acme.test", access.AssuranceChecked, at)
	shown.Reused = true
	ann = ann.Rename(shown)
	anew := access.Person{ID: benID, Title: "Owner", Doubted: at, Kind: access.Employee, Standing: access.Suspended, Bindings: []access.Binding{boundTo("okta", "00u1", at.Add(time.Minute))}}
	anew = anew.Rename(access.ShownAddress("slack", "ann@acme.test", access.AssuranceStated, at.Add(time.Minute)))
	kept, _, one := access.Rejoin(ann, anew, at.Add(time.Hour))
	okta, _ := kept.Bound("okta")
	if !one || kept.Title != "Owner" || kept.Doubted.IsZero() || kept.Offboarded.IsZero() || kept.Standing != access.Suspended || okta.Level != access.AssuranceChecked {
		t.Errorf("they are %+v", kept)
	}
	if kept.MeantBy("ann@acme.test") || kept.Email != "ann@acme.test" {
		t.Error("an address that was somebody else's before means them now")
	}
	anew.Bindings[0].Level = access.AssuranceProven
	if kept, _, _ = access.Rejoin(ann, anew, at.Add(time.Hour)); kept.Account("okta") != "00u1" || len(access.AccountsOf(kept)) != 2 {
		t.Errorf("they have %+v", access.AccountsOf(kept))
	}
	if okta, _ = kept.Bound("okta"); okta.Level != access.AssuranceProven {
		t.Errorf("what was proved since is %+v", okta)
	}
}

package access_test

import (
	"testing"

	"latchkey/access"
)

func TestWhatSomebodyHasAgainIsNotGivenBack(t *testing.T) {
	r := requestIn(access.RequestPending)
	grant := func(state access.GrantState, role string, source access.Source) access.Grant {
		return access.Grant{ID: "G-1", Person: r.Beneficiary, App: r.App, Role: role, State: state, Source: source}
	}
	for name, c := range map[string]struct {
		has   access.Grant
		again bool
	}{
		"the same":                {grant(access.GrantActive, r.Role, ""), true},
		"on its way":              {grant(access.GrantProvisioning, r.Role, ""), true},
		"over":                    {grant(access.GrantEnded, r.Role, ""), false},
		"another role":            {grant(access.GrantActive, "another", ""), false},
		"only found in the group": {grant(access.GrantActive, r.Role, access.SourceAdopted), false},
	} {
		err := r.RestoreObjection(testCatalog(), someone("maya"), someone("maya"), access.Circumstances{}, access.Standings{Grants: []access.Grant{c.has}})
		refusal, refused := access.AsRefusal(err)
		if again := refused && refusal.Reason == access.Duplicate; again != c.again || refused != c.again {
			t.Errorf("%s: %v", name, err)
		}
	}
	left := someone("maya")
	left.Standing = access.Suspended
	if r.RestoreObjection(testCatalog(), someone("maya"), left, access.Circumstances{}, access.Standings{}) == nil {
		t.Error("it is given back to somebody whose account is suspended")
	}
}

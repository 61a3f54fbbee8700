package access_test

import (
	"fmt"
	"testing"

	"latchkey/access"
)

// TestWhatStandsBesideMattersOnlyWhereItIsNeeded judges requests by all that somebody has and by nothing of it.
func TestWhatStandsBesideMattersOnlyWhereItIsNeeded(t *testing.T) {
	who := someone("sam")
	who.Department = "Finance"
	read := access.Grant{App: "books", Role: "read", Person: who.ID, State: access.GrantActive}
	has := access.Standings{Grants: []access.Grant{read}, Requests: []access.Request{
		{ID: "AR-1", App: "books", Role: "read", Beneficiary: who.ID, State: access.RequestPending},
		{ID: "AR-2", App: "books", Role: "post", Beneficiary: who.ID, State: access.RequestPending},
	}}
	for role, needs := range map[string]bool{"read": false, "post": true, "gone": false} {
		r := access.Request{App: "books", Role: role, Beneficiary: who.ID}
		if got := r.NeedsGrants(strict()); got != needs {
			t.Errorf("%s needs what somebody has: %v, want %v", role, got, needs)
		}
		all, none := r.Objection(strict(), who, who, access.Circumstances{}, has), r.Objection(strict(), who, who, access.Circumstances{}, access.Standings{})
		if differ := fmt.Sprint(all) != fmt.Sprint(none); differ != needs {
			t.Errorf("%s: %v with what they have, %v without", role, all, none)
		}
		if again := r.Objection(strict(), who, who, access.Circumstances{}, access.Standings{Grants: has.Grants}); fmt.Sprint(again) != fmt.Sprint(all) {
			t.Errorf("%s: %v, and without what else was asked for %v", role, all, again)
		}
	}
}

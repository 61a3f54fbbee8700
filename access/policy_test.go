package access_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// guarded is the catalogue of the tests with a role of high risk, under a policy.
func guarded(p catalog.Policy) *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour, catalog.Forever}, Default: 6 * time.Hour}
	stage := catalog.Stage{Approvers: []catalog.Approver{{Kind: catalog.Owner}}}
	return catalog.New([]catalog.App{{ID: "vault", Name: "Vault", Status: catalog.Approved, Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{
		{ID: "low", Name: "Low", Route: "owner", Risk: catalog.Low, Durations: hours}, {ID: "high", Name: "High", Route: "everyday", Risk: catalog.High, Durations: hours},
	}}}, []catalog.Route{{Name: "everyday"}, {Name: "owner", Stages: []catalog.Stage{stage}}}).Under(p)
}

func attributed(t *rapid.T, handle string) access.Person {
	p := someone(handle)
	p.Department = rapid.SampledFrom([]string{"", "Sales", "IT"}).Draw(t, "department")
	p.Employment = rapid.SampledFrom([]string{"", "Contractor", "Employee"}).Draw(t, "employment")
	return p
}

func drawnPolicy(t *rapid.T) catalog.Policy {
	rule := rapid.Custom(func(t *rapid.T) catalog.Rule {
		r := catalog.Rule{ID: "r"}
		if rapid.Bool().Draw(t, "of a department") {
			r.If.Departments = []string{"Sales"}
		} else {
			r.If.Types = []string{"Contractor"}
		}
		r.Then = rapid.SampledFrom([]catalog.Consequence{{Deny: "No."}, {Hide: true}, {Approve: true}, {Route: "everyday"}, {Route: "owner"}, {Max: 3 * time.Hour}, {Max: 9 * time.Hour},
			{Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Security}}}}}}).Draw(t, "then")
		return r
	})
	return catalog.Policy{Rules: rapid.SliceOfN(rule, 0, 4).Draw(t, "rules")}
}

// TestNoPolicyBreaksAPromise: whatever the rules say and whoever asks, nobody decides for themselves, no role of
// high risk is given without a yes or an end, nothing is approved on what isn't known, and what is denied by the
// time of a yes isn't given.
func TestNoPolicyBreaksAPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := guarded(drawnPolicy(t))
		by, holder := attributed(t, "sam"), attributed(t, "maya")
		if rapid.Bool().Draw(t, "for themselves") {
			holder = by
		}
		ask := access.Ask{ID: "AR-TEST0001", Requester: by, Beneficiary: holder, App: "vault", Role: rapid.SampledFrom([]string{"low", "high"}).Draw(t, "role"),
			Wanted: rapid.SampledFrom([]time.Duration{2 * time.Hour, 6 * time.Hour, catalog.Forever}).Draw(t, "wanted"), Reason: "Because"}
		r, _, _, err := access.Submit(c, ask, access.Standings{}, at)
		if err != nil {
			if _, refused := access.AsRefusal(err); !refused {
				t.Fatal(err)
			}
			return
		}
		if r.Role == "high" && (r.State != access.RequestPending || r.Wanted == catalog.Forever) {
			t.Fatalf("high risk without a yes or an end: %+v", r)
		}
		if r.State == access.RequestApproved && holder.Department == "" && holder.Employment == "" {
			t.Fatalf("approved on what isn't known: %+v", r)
		}
		all := ids("sam", "maya", "noor")
		for _, who := range []access.PersonID{by.ID, holder.ID} {
			if r.MayDecide(who, all) == nil {
				t.Fatalf("%s decides on their own access: %+v", who, r)
			}
		}
		changed := attributed(t, "maya")
		changed.ID = holder.ID
		ask.Requester, ask.Beneficiary = changed, changed
		refused := ask.Judge(c).Refused()
		if objects := r.Objection(c, changed, changed, access.Circumstances{}, access.Standings{}) != nil; r.State == access.RequestPending && objects != refused {
			t.Fatalf("denied now: %v, refused at the yes: %v", refused, objects)
		}
	})
}

// TestARefusalSaysWhy: whoever is refused reads the rule, and what would have to be known, of themselves or of
// whom they ask for.
func TestARefusalSaysWhy(t *testing.T) {
	contractors := catalog.Condition{Types: []string{"Contractor"}}
	c := guarded(catalog.Policy{Rules: []catalog.Rule{{ID: "staff-only", Line: 12, If: contractors, Then: catalog.Consequence{Deny: "Only staff get at the vault."}}}})
	contractor, unknown := someone("sam"), someone("maya")
	contractor.Employment = "contractor"
	for name, x := range map[string]struct {
		by, whom access.Person
		want     string
	}{
		"denied":         {contractor, contractor, "Only staff get at the vault. (That is rule staff-only of the policy.)"},
		"unknown":        {unknown, unknown, "Whether you may have Vault · Low depends on what isn't known of you: kind of employment."},
		"unknown of her": {someone("noor"), unknown, "Whether maya may have Vault · Low depends on what isn't known of maya: kind of employment."},
	} {
		_, _, _, err := access.Submit(c, access.Ask{ID: "AR-1", Requester: x.by, Beneficiary: x.whom, App: "vault", Role: "low", Wanted: time.Hour, Reason: "Because"}, access.Standings{}, at)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}

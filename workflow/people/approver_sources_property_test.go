package people_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/people"
)

// Whatever a stage asks, nobody decides who isn't named at that moment by one of its sources that
// can be read, but for those who stand in where nobody is; and never whoever asks or gets the access.
func TestOnlyWhoIsNamedNowDecides(t *testing.T) {
	w, b := outside(t)
	everybody := []access.PersonID{maya, noor, grace, omar, ines}
	handles := map[access.PersonID]string{maya: "U-maya", noor: "U-noor", grace: "U-grace", omar: "U-omar", ines: "U-ines"}
	words := []string{"manager", "manager-of-manager", "owner", "admins", "grace@acme.example", "slack:S0PLATFORM", "oncall:platform"}
	rapid.Check(t, func(rt *rapid.T) {
		some := func(of string) (out []access.PersonID, accounts []string) {
			for _, who := range everybody {
				if rapid.Bool().Draw(rt, of+" "+string(who)) {
					out, accounts = append(out, who), append(accounts, handles[who])
				}
			}
			return out, accounts
		}
		members, accounts := some("group")
		called, names := some("on call")
		b.group, b.called, b.broken = accounts, names, nil
		if rapid.Bool().Draw(rt, "unreadable") {
			b.broken = silence(rapid.SampledFrom([]access.Class{access.Transient, access.Rejected}).Draw(rt, "class"))
			members, called = nil, nil
		}
		r := request(rapid.SampledFrom(everybody).Draw(rt, "beneficiary"), "")
		r.Requester = rapid.SampledFrom(everybody).Draw(rt, "requester")
		r.Stages[0].Sources = parsedAll(rt, rapid.SliceOfNDistinct(rapid.SampledFrom(words), 1, 3, rapid.ID).Draw(rt, "sources"))
		r.Stages[0].Backups = parsedAll(rt, rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, 2, rapid.ID).Draw(rt, "backups"))
		above := map[access.PersonID]access.PersonID{maya: noor, noor: grace, omar: grace, ines: grace}
		named := func(sources []catalog.Approver) (out []access.PersonID) {
			for _, a := range sources {
				switch a.Kind {
				case catalog.Manager:
					out = append(out, above[r.Beneficiary])
				case catalog.SecondManager:
					out = append(out, above[above[r.Beneficiary]])
				case catalog.Owner:
					out = append(out, noor)
				case catalog.Security:
					out = append(out, ines)
				case catalog.Named:
					out = append(out, grace)
				case catalog.SlackUserGroup:
					out = append(out, members...)
				case catalog.OnCall:
					out = append(out, called...)
				}
			}
			return slices.DeleteFunc(out, func(who access.PersonID) bool { return who == "" || who == r.Requester || who == r.Beneficiary })
		}
		by := rapid.SampledFrom(everybody).Draw(rt, "by")
		now, err := w.Established(t.Context(), r, access.Actor{Person: by, Via: access.ViaSlack})
		if err != nil {
			if !people.Unread(err) {
				rt.Fatal(err)
			}
			return
		}
		asked := named(r.Stages[0].Sources)
		all := append(slices.Clone(asked), named(r.Stages[0].Backups)...)
		if len(all) == 0 {
			all = []access.PersonID{noor, omar, ines}
		}
		if may := r.MayDecide(by, now.Who) == nil; may && (!slices.Contains(all, by) || by == r.Requester || by == r.Beneficiary) {
			rt.Fatalf("%s decides: %+v", by, now.Found)
		} else if slices.Contains(asked, by) && !may {
			rt.Fatalf("%s is named and doesn't decide: %+v", by, now.Found)
		}
		w.pass(time.Second)
	})
}

func parsedAll(t *rapid.T, words []string) (out []catalog.Approver) {
	for _, word := range words {
		a, err := catalog.ParseApprover(word)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

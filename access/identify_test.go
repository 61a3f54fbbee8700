package access_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
)

const annAddress = access.Email("ann@acme.test")

// member is what Slack shows of an employee.
func member(id string, a access.Email) access.AccountSnapshot {
	return access.AccountSnapshot{System: "slack", ID: id, Kind: access.Employee, Standing: access.Active, Name: "Ann", Address: a, Level: access.AssuranceChecked}
}

// login is an account in a directory that is signed in to with the address.
func login(id string, a access.Email) *access.AccountSnapshot {
	return &access.AccountSnapshot{System: "okta", ID: id, Kind: access.Employee, Standing: access.Active, Address: a, Level: access.AssuranceStated}
}

// resident is somebody with an address and accounts, such as "slack:U1".
func resident(id access.PersonID, a access.Email, accounts ...string) *access.Person {
	p := access.Person{ID: id}
	for _, account := range accounts {
		system, key, _ := strings.Cut(account, ":")
		p.Bindings = append(p.Bindings, access.Binding{System: system, ID: key, Level: access.AssuranceFirst, Since: at})
		p = p.Rename(access.ShownAddress(system, a, access.AssuranceChecked, at))
	}
	return &p
}

func holder(p *access.Person, now access.Standing) []access.Holder {
	return []access.Holder{{Person: *p, Standing: now}}
}

func change[T any](v T, f func(*T)) T { f(&v); return v }

type identityCase struct {
	name string
	q    access.IdentityQuestion
}

func identityCases() []identityCase {
	u1, okta := member("U1", annAddress), func(d access.DirectoryAnswer) []access.DirectoryAnswer {
		d.System = "okta"
		return []access.DirectoryAnswer{d}
	}
	ann := resident("P-ANN", annAddress, "slack:U1", "okta:00u1")
	slackOnly, oktaOnly := resident("P-ANN", annAddress, "slack:U1"), resident("P-ANN", annAddress, "okta:00u1")
	ben := resident("P-BEN", annAddress, "slack:U2", "okta:00u2")
	benOfOkta := resident("P-BEN", "ben@acme.test", "okta:00u1")
	gone := *resident("P-ANN", annAddress, "slack:U1", "okta:00u1")
	gone = gone.Unbind("slack", at)
	return []identityCase{
		{"known, nothing changed", access.IdentityQuestion{Account: u1, Bound: ann, Holders: holder(ann, ""), Directories: okta(access.DirectoryAnswer{ByID: login("00u1", annAddress)})}},
		{"known, new address in Slack only", access.IdentityQuestion{Account: member("U1", "lee@acme.test"), Bound: ann, Directories: okta(access.DirectoryAnswer{ByID: login("00u1", annAddress)})}},
		{"known, new address in the directory only", access.IdentityQuestion{Account: u1, Bound: ann, Holders: holder(ann, ""), Directories: okta(access.DirectoryAnswer{ByID: login("00u1", "lee@acme.test")})}},
		{"known, the address is somebody else's", access.IdentityQuestion{Account: u1, Bound: slackOnly, Holders: holder(ben, ""), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u3", annAddress)})}},
		{"known, the directory answers with another account", access.IdentityQuestion{Account: u1, Bound: ann, Directories: okta(access.DirectoryAnswer{ByID: login("00u9", annAddress)})}},
		{"known, the directory has lost the account", access.IdentityQuestion{Account: u1, Bound: ann, Directories: okta(access.DirectoryAnswer{})}},
		{"known, the directory is silent", access.IdentityQuestion{Account: u1, Bound: ann, Directories: okta(access.DirectoryAnswer{Silent: true})}},
		{"known, no address any more", access.IdentityQuestion{Account: member("U1", ""), Bound: ann, Directories: okta(access.DirectoryAnswer{ByID: login("00u1", annAddress)})}},
		{"known, a guest now", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Kind = access.Guest }), Bound: ann}},
		{"known, first account in the directory", access.IdentityQuestion{Account: u1, Bound: slackOnly, Holders: holder(slackOnly, ""), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress)})}},
		{"known, address not confirmed, account in the directory", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Level = access.AssuranceShown }), Bound: slackOnly, Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress)})}},
		{"known, the account in the directory is somebody else's", access.IdentityQuestion{Account: u1, Bound: slackOnly, Holders: holder(slackOnly, ""), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress), Holder: benOfOkta})}},

		{"new, nobody knows the address", access.IdentityQuestion{Account: u1}},
		{"new, with an account in the directory", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress)})}},
		{"new, declared to be as sure as the directory", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Level = access.AssuranceStated }), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress)})}},
		{"new, the account in the directory has left", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: new(change(*login("00u1", annAddress), func(a *access.AccountSnapshot) { a.Standing = access.Left }))})}},
		{"new, the directory only shows the address", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: new(change(*login("00u1", annAddress), func(a *access.AccountSnapshot) { a.Level = access.AssuranceShown }))})}},
		{"new, somebody else's account merely shows the address", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: new(change(*login("00u1", annAddress), func(a *access.AccountSnapshot) { a.Level = access.AssuranceShown })), Holder: benOfOkta})}},
		{"new, several accounts in the directory", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{Ambiguous: true})}},
		{"new, the directory found another address", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", "ben@acme.test")})}},
		{"new, the holder's account is gone", access.IdentityQuestion{Account: member("U9", annAddress), Holders: holder(slackOnly, access.Left)}},
		{"bind, bound while it was asked", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress), Holder: ann})}},
		{"undecided, the directory is silent", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{Silent: true})}},

		{"bind, known by the directory and its address", access.IdentityQuestion{Account: u1, Holders: holder(oktaOnly, ""), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress), Holder: oktaOnly})}},
		{"bind, known by the address alone", access.IdentityQuestion{Account: u1, Holders: holder(oktaOnly, "")}},
		{"bind, the directory's account got the address", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress), Holder: benOfOkta})}},

		{"contradiction, the holder's account lives", access.IdentityQuestion{Account: member("U9", annAddress), Holders: holder(ann, access.Active)}},
		{"contradiction, nobody looked whether the holder's account lives", access.IdentityQuestion{Account: member("U9", annAddress), Holders: holder(ann, "")}},
		{"contradiction, the holder's account is gone but the directory stands by them", access.IdentityQuestion{Account: member("U9", annAddress), Holders: holder(ann, access.Left), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress), Holder: ann})}},
		{"contradiction, the address names several", access.IdentityQuestion{Account: member("U9", annAddress), Holders: append(holder(ann, ""), holder(ben, "")...)}},
		{"contradiction, address and directory name two people", access.IdentityQuestion{Account: u1, Holders: holder(resident("P-CLEO", annAddress, "jira:7"), ""), Directories: okta(access.DirectoryAnswer{ByAddress: login("00u1", annAddress), Holder: benOfOkta})}},
		{"contradiction, the directory's account is of somebody with another account", access.IdentityQuestion{Account: u1, Directories: okta(access.DirectoryAnswer{ByAddress: login("00u2", annAddress), Holder: ben})}},
		{"contradiction, the holder had another account before", access.IdentityQuestion{Account: member("U9", annAddress), Holders: holder(&gone, "")}},

		{"nobody, a guest with an employee's address", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Kind = access.Guest }), Holders: holder(oktaOnly, "")}},
		{"nobody, from another organisation", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Kind = access.External }), Holders: holder(oktaOnly, "")}},
		{"nobody, a bot", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Kind = access.Bot })}},
		{"nobody, deactivated", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Standing = access.Left }), Holders: holder(oktaOnly, "")}},
		{"nobody, no address", access.IdentityQuestion{Account: member("U1", "")}},
		{"nobody, address not confirmed", access.IdentityQuestion{Account: change(u1, func(a *access.AccountSnapshot) { a.Level = access.AssuranceShown }), Holders: holder(oktaOnly, "")}},
		{"nobody, unreadable address", access.IdentityQuestion{Account: member("U1", "\xff@acme.test")}},
		{"nobody, less sure than needed", access.IdentityQuestion{Account: u1, Need: access.AssuranceStated, Holders: holder(oktaOnly, "")}},
	}
}

func TestIdentify(t *testing.T) {
	var b strings.Builder
	for _, c := range identityCases() {
		c.q.At = at
		fmt.Fprintf(&b, "%s\n%s\n", c.name, told(access.Identify(c.q)))
	}
	golden(t, "identify.golden", b.String())
}

// told is a decision as text.
func told(id access.Identification) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    %s %s\n", id.Verdict, id.Person)
	for _, v := range append(slices.Clone(id.Bind), id.Rename...) {
		what := "bind"
		if !v.IsAccount() {
			what = "note, as " + v.Source + " shows it,"
		}
		fmt.Fprintf(&b, "    %s %s %q: %s\n", what, v.System, v.ID, v.Level)
	}
	for _, a := range id.Accounts {
		fmt.Fprintf(&b, "    counts %s %q: %s\n", a.System, a.ID, a.Standing)
	}
	for _, r := range id.Release {
		fmt.Fprintf(&b, "    %s loses %s and %s\n", r.Person, r.System, r.Address)
	}
	for _, c := range id.Conflicts {
		fmt.Fprintf(&b, "    ! %v\n", c)
	}
	if id.Refusal != nil {
		r, _ := access.AsRefusal(id.Refusal)
		fmt.Fprintf(&b, "    they read: %s\n", r.Sentence)
	}
	return b.String()
}

// company is what Slack and a directory hold: who owns each account, and what it
// shows. Humans are renamed, leave, come back as somebody new, swap addresses.
type company struct {
	slack, okta map[string]*access.AccountSnapshot
	human       map[string]int // by account, "slack:U1"
	made        int
}

func (c *company) account(in map[string]*access.AccountSnapshot, a access.AccountSnapshot, human int) {
	c.made++
	a.ID = fmt.Sprint(a.System, c.made)
	in[a.ID], c.human[a.System+":"+a.ID] = &a, human
}

// free tells whether an address can be given: no live account has it.
func free(in map[string]*access.AccountSnapshot, a access.Email) bool {
	for _, s := range in {
		if s.Address == a && s.Standing == access.Active {
			return false
		}
	}
	return true
}

func (c *company) directory(t *town, p *access.Person, a access.Email) access.DirectoryAnswer {
	d := access.DirectoryAnswer{System: "okta"}
	if p != nil {
		d.ByID = c.okta[p.Account("okta")]
	}
	for _, id := range slices.Sorted(maps.Keys(c.okta)) {
		if s := c.okta[id]; s.Address == a && s.Standing == access.Active {
			d.ByAddress = s
			if who, _ := t.AccountHolder("okta", id); who != "" {
				h := t.people[who]
				d.Holder = &h
			}
		}
	}
	return d
}

// look is somebody clicking: who it is is found out and kept.
func (c *company) look(t *town, id string) (access.Identification, error) {
	s := c.slack[id]
	q := access.IdentityQuestion{Account: *s, At: t.now}
	if who, _ := t.AccountHolder("slack", id); who != "" {
		p := t.people[who]
		q.Bound = &p
	}
	holders, _ := t.AddressHolders(s.Address)
	for _, who := range holders {
		h := access.Holder{Person: t.people[who]}
		if own := c.slack[h.Person.Account("slack")]; own != nil {
			h.Standing = own.Standing
		}
		q.Holders = append(q.Holders, h)
	}
	q.Directories = []access.DirectoryAnswer{c.directory(t, q.Bound, s.Address)}
	answer := access.Identify(q)
	return answer, t.keep(answer)
}

func (t *town) keep(id access.Identification) error {
	p := access.Person{ID: access.PersonID(fmt.Sprint("P-", len(t.people)))}
	switch id.Verdict {
	case access.IdentityKnown, access.IdentityBind:
		p = t.people[id.Person]
	case access.IdentityNew:
	default:
		return nil
	}
	for _, r := range id.Release {
		t.people[r.Person] = r.Apply(t.people[r.Person], t.now)
	}
	p, err := id.Apply(p, t)
	if err == nil {
		t.people[p.ID] = p
	}
	return err
}

// Whatever happens to addresses, an account stays with the person it was bound to,
// and nobody's address names two people.
func TestAccountsNeverChangeHands(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := &company{slack: map[string]*access.AccountSnapshot{}, okta: map[string]*access.AccountSnapshot{}, human: map[string]int{}}
		town := &town{people: map[access.PersonID]access.Person{}, now: at}
		first := map[string]access.PersonID{} // to whom an account was bound first
		address := rapid.Custom(func(t *rapid.T) access.Email {
			return access.Email(rapid.StringMatching(`[abc]@acme\.test`).Draw(t, "address"))
		})
		one := func(rt *rapid.T, in map[string]*access.AccountSnapshot) *access.AccountSnapshot {
			if len(in) == 0 {
				rt.Skip("no account yet")
			}
			return in[rapid.SampledFrom(slices.Sorted(maps.Keys(in))).Draw(rt, "account")]
		}
		rename := func(in map[string]*access.AccountSnapshot) func(*rapid.T) {
			return func(rt *rapid.T) {
				s, a := one(rt, in), address.Draw(rt, "to")
				for _, other := range in { // whoever has it gets the other one's: a swap
					if other.Address == a {
						other.Address = s.Address
					}
				}
				s.Address = a
			}
		}
		leave := func(in map[string]*access.AccountSnapshot) func(*rapid.T) {
			return func(rt *rapid.T) { one(rt, in).Standing = access.Left }
		}
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) {
				if what := town.problem(); what != "" {
					rt.Fatal(what)
				}
				for key, who := range first {
					system, id, _ := strings.Cut(key, ":")
					if now, _ := town.AccountHolder(system, id); now != "" && now != who {
						rt.Fatalf("%s was bound to %s and is now bound to %s", key, who, now)
					}
				}
				for _, a := range []access.Email{"a@acme.test", "b@acme.test", "c@acme.test"} {
					if who, _ := town.AddressHolders(a); len(who) > 1 {
						rt.Fatalf("%s names %v", a, who)
					}
				}
			},
			"hire": func(rt *rapid.T) {
				a := address.Draw(rt, "address")
				if !free(c.slack, a) || !free(c.okta, a) {
					rt.Skip("taken")
				}
				human := c.made
				c.account(c.slack, member("", a), human)
				c.account(c.okta, *login("", a), human)
			},
			"rename in Slack": rename(c.slack),
			"rename in Okta":  rename(c.okta),
			"leave Slack":     leave(c.slack),
			"leave Okta":      leave(c.okta),
			"look": func(rt *rapid.T) {
				town.now = town.now.Add(time.Minute)
				before := maps.Clone(town.people)
				answer, err := c.look(town, one(rt, c.slack).ID)
				var contradiction *access.Contradiction
				if err != nil && !errors.As(err, &contradiction) {
					rt.Fatal(err)
				}
				for who, p := range before {
					if what := lost(p, town.people[who]); what != "" {
						rt.Fatalf("%s: %s", answer.Verdict, what)
					}
				}
				for who, p := range town.people {
					for _, b := range p.Bindings {
						if _, ok := first[b.System+":"+b.ID]; b.IsAccount() && !ok {
							first[b.System+":"+b.ID] = who
						}
					}
				}
			},
		})
	})
}

package people

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// jiraAccounts find out whose an account in Jira is.
type jiraAccounts struct {
	known    *identities
	accounts Accounts
	command  string
	tries    *tries
}

// Holder is the person whose Jira account it is: exactly one, or a refusal. An
// account that is bound is its person's, whatever it shows. One that is not is
// bound now if the authority over it states whose it is. What the account shows of
// itself, its address and its name, was typed by its holder and proves nothing.
func (j *jiraAccounts) Holder(ctx context.Context, a access.Account) (access.Person, error) {
	if a.ID == "" || a.ID == lost || !a.Active {
		return access.Person{}, access.Refuse(access.NotAllowed, "", Called(a)+" has no active account in Jira.")
	}
	known, err := j.known.bearer(ctx, access.SystemJira, a.ID)
	if err != nil {
		return access.Person{}, err
	}
	if known != nil && known.Surely(access.SystemJira) {
		j.compare(ctx, *known, a)
		return j.known.person(ctx, known.ID)
	}
	address, err := j.stated(ctx, a)
	if err != nil {
		return access.Person{}, err
	}
	if address == "" {
		return access.Person{}, j.unproved(a)
	}
	p, err := j.known.byAddress(ctx, address)
	if err != nil {
		return access.Person{}, err
	}
	return p, j.known.bind(ctx, p.ID, access.Binding{
		System: access.SystemJira, ID: a.ID, Since: j.known.units.Now(),
		Level: access.Weaker(access.AssuranceStated, p.AddressLevel(address)), How: "the Atlassian organization states the account's address",
	})
}

// lost is what Jira shows in place of accounts that it has lost.
const lost = "unknown"

// stated is the address that the authority over an account states; "" if none
// does. An authority that refuses to answer states nothing, and the log says so.
func (j *jiraAccounts) stated(ctx context.Context, a access.Account) (access.Email, error) {
	if j.accounts == nil {
		return "", nil
	}
	address, err := j.accounts.Owner(ctx, a.ID)
	if class := access.Classify(err).Class; err != nil && (class == access.Denied || class == access.Rejected) {
		j.known.log.Warn("whose an account in Jira is can't be asked; its owner has to prove it", "account", a.ID, "error", err)
		return "", nil
	}
	return address, err
}

// unproved refuses an account of which nobody knows whose it is, and says how to
// change that.
func (j *jiraAccounts) unproved(a access.Account) error {
	return access.Refuse(access.Unknown, "", fmt.Sprintf("It isn't proved yet whose account %s in Jira is: its owner types “%s connect” in Slack, with the key of this issue, and writes the code from there as a comment here, once.", Called(a), j.command))
}

// Hinted is whom an account in Jira may belong to, by the address it shows: for
// asking them, and for nothing else. Nobody, if it shows none or that names nobody.
func (j *jiraAccounts) Hinted(ctx context.Context, a access.Account) access.PersonID {
	if a.Email == "" || !a.Active {
		return ""
	}
	p, err := j.known.byAddress(ctx, a.Email)
	if err != nil {
		return ""
	}
	return p.ID
}

// compare tells IT that a Jira account shows somebody else's address. It goes on
// being that of whom it is bound to.
func (j *jiraAccounts) compare(ctx context.Context, p access.Person, a access.Account) {
	if a.Email == "" || p.Holds(a.Email) {
		return
	}
	var other access.Person
	err := j.known.units.View(ctx, func(tx store.Tx) error {
		k, err := store.PersonByAddress(tx, a.Email)
		other = k.Person
		if unnamed(err) {
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		j.known.log.Warn("who has the address of an account in Jira can't be read", "error", err)
	case other.ID != "" && other.ID != p.ID:
		j.known.warnOf(ctx, notice{"jira-shows/" + a.ID, "A Jira account shows somebody else's address", []string{
			fmt.Sprintf("The account %s in Jira is that of %s, and shows the address of %s. It goes on being %s's.", Called(a), p.Contact(), other.Contact(), p.Display()),
			"Find out who changed the address, and put it right in Jira.",
		}})
	}
}

// Called is what to call the owner of an account in Jira.
func Called(a access.Account) string {
	if a.Name != "" {
		return a.Name
	}
	return "Somebody"
}

// bind remembers an account of a person. One that is somebody else's, or a second
// one in the same system, is refused, and IT hears of it.
func (s *identities) bind(ctx context.Context, who access.PersonID, b access.Binding) error {
	err := s.units.Update(ctx, func(u *engine.Unit) error { return BindIn(u, who, b) })
	if err != nil {
		s.contradicted(ctx, err)
		return err
	}
	s.cache.change(who, func(p *access.Person) {
		if bound, err := p.Bind(b, ""); err == nil {
			*p = bound
		}
	})
	return nil
}

// BindIn gives a person an account, in the unit; see access.Person.Bind.
func BindIn(u *engine.Unit, who access.PersonID, b access.Binding) error {
	k, err := store.Person(u.Tx, who)
	if err != nil {
		return err
	}
	holder, err := store.HoldingsOf(u.Tx).AccountHolder(b.System, b.ID)
	if err != nil {
		return err
	}
	if k.Person, err = k.Bind(b, holder); err != nil {
		return err
	}
	return store.PutPerson(u.Tx, &k)
}

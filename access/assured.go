package access

import "time"

// AssuranceVerified is how surely an account has to be somebody's for roles that do
// much harm in the wrong hands, to be given it and to approve it.
const AssuranceVerified = AssuranceStated

// proofDelay is for how long an account has to be known as somebody's before a
// sign-in proves it for roles of high risk. The code of a sign-in can be passed on to
// whoever the account belongs to; within a day they hear of it.
const proofDelay = 24 * time.Hour

// KnownBy is how surely somebody who acts in Slack has their account in a directory,
// at a moment: as it was proved or said of the two. That they showed one address is a
// check, and no more. signIn is the directory by which members are declared to sign in
// at present: what rests on another declaration counts no more.
func (p Person) KnownBy(directory, signIn string, at time.Time) Assurance {
	slack, here := p.Bound(SystemSlack)
	account, there := p.Bound(directory)
	switch {
	case !here || !there:
		return AssuranceSaid
	case account.tied() && (account.Declared == "" || account.Declared == signIn) && !slack.Since.After(account.Since) && !countsFrom(p.Bindings, account).After(at):
		return account.Level
	}
	return Weaker(AssuranceChecked, Weaker(slack.Level, account.Level))
}

// CountsFrom is when an account that somebody has proved by signing in counts as proved
// for roles of high risk; zero, if it does already or was not proved so.
func CountsFrom(p Person, directory string, at time.Time) time.Time {
	account, bound := p.Bound(directory)
	if when := countsFrom(p.Bindings, account); bound && account.tied() && when.After(at) {
		return when
	}
	return time.Time{}
}

// countsFrom is when a binding counts: one that was proved by signing in, a day after
// the account was first known as theirs.
func countsFrom(history []Binding, b Binding) time.Time {
	if b.Level != AssuranceProven {
		return b.Since
	}
	first := b.Since
	for _, old := range history {
		if old.System == b.System && old.ID == b.ID && old.Since.Before(first) {
			first = old.Since
		}
	}
	return first.Add(proofDelay)
}

// tied tells whether the binding was established between this account and the one in
// Slack, by a proof or by somebody's word, and not by what both show.
func (b Binding) tied() bool { return b.Level.AtLeast(AssuranceStated) && b.Level != AssuranceFirst }

// Tie binds an account to the person because it was proved, or said, that whoever has
// their account in Slack has it, too. Unlike Bind it replaces how the same account
// was bound before, however that was.
func (p Person) Tie(b Binding, holder PersonID) (Person, error) {
	if has, bound := p.Bound(b.System); bound && has.ID == b.ID && (holder == p.ID || holder == "") && b.check() == nil {
		if has.tied() && has.Level.AtLeast(b.Level) && (has.Declared == "" || has.Declared == b.Declared) {
			return p, nil
		}
		return p.put(b), nil
	}
	return p.Bind(b, holder)
}

package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// proofs take what it proves that somebody has signed in with the code of somebody.
type proofs struct{ known *identities }

// signedIn binds the account that was signed in to, to whoever was given the code. A
// code can be passed on, so what else is known must not contradict: otherwise nothing
// is bound, and IT and whoever the account belongs to hear of it.
func (p proofs) signedIn(ctx context.Context, one signIn, account string) error {
	d := one.from
	found, err := d.Person(ctx, account)
	switch {
	case errors.Is(err, idp.ErrNotFound), err == nil && found.Status != idp.Active:
		return access.Refuse(access.NotAllowed, "", "The account that was signed in to isn't active.")
	case err != nil:
		return DirectoryFailure(d, "Read the account that was signed in to in "+d.ID(), err)
	}
	defer p.known.Forget(one.who)
	return p.known.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, one.who)
		if err != nil {
			return err
		}
		s := signed{one, found, k.Person}
		owner, why, err := p.contradicts(u, s)
		if err != nil {
			return err
		}
		if why != "" {
			return p.refuse(u, s, owner, why)
		}
		return p.bind(u, s, &k)
	})
}

// gaveUp tells whoever was given a code that nothing came of it.
func (p proofs) gaveUp(ctx context.Context, one signIn) {
	p.known.tell(ctx, func(u *engine.Unit) error {
		return p.known.notifier.person(u, one.who, "signed-in/"+one.code.Code, "Nobody has signed in with your code",
			"It can't be used any more, and it isn't proved yet which account in "+one.directory+" is yours. Ask for another code when you like.")
	})
}

// signed is an account that was signed in to with somebody's code.
type signed struct {
	signIn
	found idp.Person
	who   access.Person
}

// contradicts says why an account isn't taken for that of whoever was given the code,
// "" if it is, and whose it is as far as that is known.
func (p proofs) contradicts(u *engine.Unit, s signed) (owner access.PersonID, why string, err error) {
	holder, err := store.HoldingsOf(u.Tx).AccountHolder(s.directory, s.found.ID)
	if err != nil {
		return "", "", err
	}
	has := s.who.Account(s.directory)
	switch {
	case holder == s.who.ID:
		return "", "", nil
	case holder != "":
		return holder, "it is known as somebody else's", nil
	case s.who.Denies(s.directory, s.found.ID):
		return "", "they said that it isn't theirs", nil
	case has != "":
		why = "another account there is known as theirs"
	case !s.agrees():
		why = "it shows another address than they have in Slack"
	}
	if why != "" {
		owner, err = whoseAddress(u, s.found)
	}
	return owner, why, err
}

// agrees tells whether the account shows an address of whoever was given the code.
func (s signed) agrees() bool {
	return slices.ContainsFunc([]access.Email{access.NewEmail(s.found.Login), access.NewEmail(s.found.Email)}, s.who.Holds)
}

// whoseAddress is the one person whom an address of an account names; "" if that is nobody.
func whoseAddress(u *engine.Unit, a idp.Person) (access.PersonID, error) {
	for _, address := range []access.Email{access.NewEmail(a.Login), access.NewEmail(a.Email)} {
		k, err := store.PersonByAddress(u.Tx, address)
		if err == nil || !unnamed(err) {
			return k.ID, err
		}
	}
	return "", nil
}

func (p proofs) refuse(u *engine.Unit, s signed, owner access.PersonID, why string) error {
	account := fmt.Sprintf("the account %s in %s", s.found.Login, s.directory)
	lines := []string{
		fmt.Sprintf("%s was given a code in Slack to prove which account in %s is theirs. Somebody signed in with it to %s, and %s.", s.who.Contact(), s.directory, account, why),
		"Nothing was bound. The code may have been passed on to somebody, who was made to sign in with it: ask both what happened.",
	}
	marker := "signed-in/" + s.code.Code
	if err := p.known.notifier.it(u, notice{marker, "A code was used with the wrong account", lines}); err != nil {
		return err
	}
	if err := p.known.notifier.person(u, s.who.ID, marker+"/asked", "It isn't proved which account is yours",
		fmt.Sprintf("Somebody signed in with your code to another account than yours could be: %s.", why), "Nothing has changed, and IT knows. If it was you, ask them to confirm which account is yours."); err != nil || owner == "" || owner == s.who.ID {
		return err
	}
	return p.known.notifier.person(u, owner, marker+"/owner", "Did you sign in with a code?",
		fmt.Sprintf("Somebody signed in to your account in %s with a code that %s was given. It counts for nothing: never sign in with a code that somebody else sends you.", s.directory, s.who.Display()), "IT knows of it. Tell them how you came by the code.")
}

func (p proofs) bind(u *engine.Unit, s signed, k *store.Known) (err error) {
	b := access.Binding{System: s.directory, ID: s.found.ID, Level: access.AssuranceProven, How: "they signed in there with a code that Slack had shown them", Since: u.At}
	if k.Person, err = k.Tie(b, k.ID); err != nil {
		return err
	}
	if err := store.PutPerson(u.Tx, k); err != nil {
		return err
	}
	e, err := u.Append(access.Event{Kind: access.EventProved, At: u.At, Person: k.ID, Actor: s.by, Subject: access.LogSubject(),
		Note: fmt.Sprintf("%s signed in to the account %s (%s) in %s with a code that they were given in Slack.", k.Contact(), s.found.ID, s.found.Login, s.directory)})
	if err != nil {
		return err
	}
	counts := "It counts for every role from now on."
	if when := access.CountsFrom(k.Person, s.directory, u.At); !when.IsZero() {
		counts = "For roles of high risk it counts from " + access.FullMoment(when) + " on: until then whoever the account belongs to would hear of a mistake. IT can confirm it sooner."
	}
	return p.known.notifier.person(u, k.ID, "signed-in/"+e.ID, "Your account in "+s.directory+" is known",
		fmt.Sprintf("It is proved now that %s in %s is yours. %s", s.found.Login, s.directory, counts), "If that isn't your account, say so at once: “That isn't mine” is on the Home tab of this app.")
}

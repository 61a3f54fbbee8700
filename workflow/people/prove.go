package people

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// proofTime is how long a code can be used.
const proofTime = 10 * time.Minute

// Proof is a code that was written from an account in Jira.
type Proof struct {
	Account access.Account
	Issue   string    // the key of the issue that it was written on
	Code    string    // as CodeIn gives it
	At      time.Time // when it was written
}

// CodeIn is the code that a text contains; "" for none.
func CodeIn(text string) string {
	code := regexp.MustCompile(`\b[Ll][Kk]-[A-Za-z2-7]{5}-[A-Za-z2-7]{5}\b`).FindString(text)
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, code)
}

// Challenge gives somebody a code for an issue, by its key. Whoever writes it there has
// the account it is written from and has read what only they read in Slack: the account
// is theirs. Everybody who sees the issue can read it then; what they copy elsewhere
// counts for nothing, and on the issue whoever wrote it first is read first. A code
// given before is good no more.
func (j *jiraAccounts) Challenge(ctx context.Context, who access.PersonID, issue string) (code string, err error) {
	text := rand.Text()
	code = "LK-" + text[:5] + "-" + text[5:10]
	return code, j.known.units.Update(ctx, func(u *engine.Unit) error {
		old, err := store.ChallengeOf(u.Tx, who)
		if err == nil {
			err = store.DropChallenge(u.Tx, old.Code)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return store.PutChallenge(u.Tx, &store.Challenge{Code: code, Person: who, Issue: issue, Expires: u.At.Add(proofTime)})
	})
}

// Prove binds an account in Jira to whoever was given the code that was written
// from it. What doesn't hold is a refusal; IT hears of those that look like an
// attempt. Told again, after a crash, it changes nothing.
//
// Jira makes a comment by the account with an e-mail's From address out of an e-mail,
// and marks it in no way that can be relied on: a forged one may carry a code that Slack
// showed to the forger. What is refused instead is the account itself: one that is bound
// to somebody else, that shows the address of somebody else, or of which the organization
// states such an address, though the account hides it. IT hears of it.
func (j *jiraAccounts) Prove(ctx context.Context, p Proof) (access.PersonID, error) {
	if p.Account.ID == "" || p.Account.ID == lost || !p.Account.Active {
		return "", access.Refuse(access.NotAllowed, "", "This account is not active.")
	}
	if !j.tries.may(p.Account.ID, j.known.units.Now()) {
		return "", access.Refuse(access.NotAllowed, "", "Too many wrong codes came from this account. Wait an hour before you try again.")
	}
	address, err := j.stated(ctx, p.Account)
	if err != nil {
		return "", err
	}
	also := j.besides(ctx, address)
	var who access.PersonID
	err = j.known.units.Update(ctx, func(u *engine.Unit) (err error) {
		if who, err = prove(u, p, address); err == nil {
			err = tieBesides(u, who, also)
		}
		return err
	})
	if refusal, refused := access.AsRefusal(err); refused {
		j.tries.wrong(p.Account.ID, j.known.units.Now())
		j.known.contradicted(ctx, err)
		if refusal.Reason == access.NotAllowed {
			j.known.warnOf(ctx, notice{"proof/" + p.Account.ID, "A code was written from the wrong account", []string{
				fmt.Sprintf("%s in Jira wrote a code that Slack had shown to somebody else, or one that was used before. %s", Called(p.Account), refusal.Sentence),
				"Nothing was bound. Ask both what happened.",
			}})
		}
		return "", err
	}
	if err == nil {
		j.known.Forget(who)
	}
	return who, err
}

// besides are the accounts in directories that are surely those of whoever has an
// account in Jira: the organization states its address, and they state the same.
func (j *jiraAccounts) besides(ctx context.Context, address access.Email) []access.Binding {
	if address == "" {
		return nil
	}
	var out []access.Binding
	for _, d := range j.known.dirs {
		found, err := d.FindPerson(ctx, string(address))
		if err == nil && found.Status == idp.Active && access.NewEmail(found.Login) == address {
			out = append(out, access.Binding{System: d.ID(), ID: found.ID, Level: access.AssuranceStated,
				How: "its owner wrote a code in Jira, and the organization states that their account there has the address " + string(address)})
		}
		if err != nil && !errors.Is(err, idp.ErrNotFound) && !errors.Is(err, idp.ErrAmbiguous) {
			j.known.log.Warn("a directory can't be asked for the account of somebody who proved theirs in Jira", "directory", d.ID(), "error", err)
		}
	}
	return out
}

// tieBesides notes that these accounts are surely somebody's, unless anything that is
// known says otherwise.
func tieBesides(u *engine.Unit, who access.PersonID, also []access.Binding) error {
	k, err := store.Person(u.Tx, who)
	if err != nil {
		return err
	}
	for _, b := range also {
		b.Since = u.At
		holder, err := store.HoldingsOf(u.Tx).AccountHolder(b.System, b.ID)
		if err != nil {
			return err
		}
		has := k.Account(b.System)
		if holder != "" && holder != who || has != "" && has != b.ID || k.Denies(b.System, b.ID) {
			continue
		}
		if k.Person, err = k.Tie(b, holder); err != nil {
			return err
		}
	}
	return store.PutPerson(u.Tx, &k)
}

func prove(u *engine.Unit, p Proof, stated access.Email) (access.PersonID, error) {
	c, err := store.LoadChallenge(u.Tx, p.Code)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", access.Refuse(access.Unknown, "", "I don't know this code. Ask for a new one in Slack.")
	case err != nil:
		return "", err
	case c.Used != "" && c.Used == p.Account.ID:
		return c.Person, nil
	case c.Used != "":
		return "", access.Refuse(access.NotAllowed, "", "This code was used already, from another account.")
	case c.Issue != p.Issue:
		return "", access.Refuse(access.Unknown, "", "This code is for another issue. Ask in Slack for one for this issue.")
	case p.At.After(c.Expires):
		return "", access.Refuse(access.Unknown, "", "This code is too old. Ask for a new one in Slack.")
	}
	for _, a := range []access.Email{p.Account.Email, stated} {
		if err := notAnothers(u.Tx, a, c.Person); err != nil {
			return "", err
		}
	}
	b := access.Binding{System: access.SystemJira, ID: p.Account.ID, Level: access.AssuranceProven, How: "its owner wrote a code there that Slack had shown them", Since: u.At}
	if err := BindIn(u, c.Person, b); err != nil {
		return "", err
	}
	c.Used = p.Account.ID
	return c.Person, store.PutChallenge(u.Tx, &c)
}

// notAnothers refuses an account with the address of somebody else than the code was
// given to: a colleague wrote it for them, or was made to, or it came in their name.
func notAnothers(tx store.Tx, a access.Email, who access.PersonID) error {
	if a == "" {
		return nil
	}
	k, err := store.PersonByAddress(tx, a)
	switch {
	case unnamed(err):
		return nil
	case err != nil:
		return err
	case k.ID != who:
		return access.Refuse(access.NotAllowed, "", "This code was given to somebody else. Whoever it was given to has to write it, from their own account.")
	}
	return nil
}

// Package stepup has people sign in to a directory for one thing that they are about to do: say yes to a request for
// a role that does much harm in the wrong hands, or take such a role in an emergency. Whoever sits at an open Slack,
// or has taken over an account there, can't do either alone.
//
// A sign-in is begun in Slack by whoever is to sign in, and is good for that person, for that one thing, once and
// shortly. It goes on in a browser, by a link, where people's browsers reach Latchkey; else with a code that is typed
// in at the directory. What is done then is done by requests.Service, which judges it anew: a sign-in adds to what is
// asked of somebody, and replaces nothing.
package stepup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode"
	"unicode/utf8"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/requests"
)

// Authority says who may answer.
type Authority interface {
	Established(ctx context.Context, r access.Request, by access.Actor) (people.Established, error)
}

// Requests takes what people do once they have signed in.
type Requests interface {
	Decide(ctx context.Context, d requests.Decision) (access.Request, error)
	SubmitBreakGlass(ctx context.Context, b requests.BreakGlass) (access.Request, error)
}

// People knows who people are.
type People interface {
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
}

// Codes give codes to sign in with.
type Codes interface {
	Begin(ctx context.Context, d idp.Directory, of string, use func(idp.SignInCode) people.CodeUse) (people.SignInCode, error)
}

// Refusals is where it is logged that somebody was refused.
type Refusals interface {
	LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Authority   Authority
	Requests    Requests
	People      People
	Codes       Codes
	Logger      *slog.Logger
	Terms       Terms
}

// Terms are what is asked of a sign-in.
type Terms struct {
	Pages   string        // where people's browsers reach Latchkey, such as https://latchkey.acme.com; "": nowhere
	MaxAge  time.Duration // how long ago somebody may have signed in; 5 minutes if zero
	Levels  []string      // how surely, in the directory's words (acr): one of them; empty: however
	Methods []string      // by what, in the directory's words (amr): all of them
}

const (
	// usualAge is how long ago somebody may have signed in.
	usualAge = 5 * time.Minute
	// life is how long somebody has to sign in and go through with it.
	life = 10 * time.Minute
	// mostBegun is how often one person begins a sign-in for the same thing in begunIn.
	mostBegun = 20
	begunIn   = time.Hour
)

// Service has people sign in. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	dirs      people.Directories
	authority Authority
	requests  Requests
	people    People
	codes     Codes
	log       *slog.Logger
	terms     Terms
}

// New makes the room.
func New(c Config) *Service {
	if c.Terms.MaxAge <= 0 {
		c.Terms.MaxAge = usualAge
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{units: c.Units, catalog: c.Catalog, dirs: c.Directories, authority: c.Authority, requests: c.Requests, people: c.People, codes: c.Codes, log: c.Logger, terms: c.Terms}
}

// load loads a sign-in that is not over.
func (s *Service) load(ctx context.Context, id string) (in store.SignIn, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		in, err = store.LoadSignIn(tx, id)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && !s.units.Now().Before(in.Expires):
		return in, over()
	case err != nil:
		return in, fmt.Errorf("load a sign-in: %w", err)
	}
	return in, nil
}

// over is said where a sign-in isn't there any more: it was used, or took too long.
func over() error {
	return access.Refuse(access.TooLate, "", "This was used already, or its time is up. If it isn't decided yet, press the button in Slack again.")
}

// change changes a sign-in that is not over, in one unit of work.
func (s *Service) change(ctx context.Context, id string, do func(u *engine.Unit, in *store.SignIn) error) (changed store.SignIn, err error) {
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		in, err := store.LoadSignIn(u.Tx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !u.At.Before(in.Expires) {
			return over()
		}
		if err == nil {
			err = do(u, &in)
		}
		if err != nil {
			return err
		}
		changed = in
		return store.PutSignIn(u.Tx, &in)
	})
	return changed, err
}

// named is the id of a directory, as a name is written.
func named(directory string) string {
	first, n := utf8.DecodeRuneInString(directory)
	return string(unicode.ToUpper(first)) + directory[n:]
}

package people

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/engine"
)

// Codes wait for people to sign in to a directory with a code. They are kept in memory
// alone: what asks whether somebody has is a secret, and whoever is interrupted asks
// for another code. Safe for concurrent use.
type Codes struct {
	clock engine.Clock
	log   *slog.Logger

	mu   sync.Mutex
	open []openCode
	news chan struct{} // something was added
}

// CodeUse is what a code is for.
type CodeUse interface {
	// SignedIn takes who signed in with it. What it doesn't take, but for a refusal, is given to it again until the
	// code's time is up.
	SignedIn(ctx context.Context, who idp.Authentication) error
	// GaveUp is told that nothing came of it: nobody signed in, they said no, or that was refused.
	GaveUp(ctx context.Context)
}

// openCode is a code that may still be signed in with.
type openCode struct {
	of   string // whose it is and what for: one at a time
	from idp.Directory
	code idp.SignInCode
	use  CodeUse
	next time.Time           // when it is asked whether somebody has signed in
	who  *idp.Authentication // who has; nil: nobody, as far as is known
}

// askFor bounds one question.
const askFor = 20 * time.Second

// NewCodes waits for nobody yet.
func NewCodes(clock engine.Clock, log *slog.Logger) *Codes {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Codes{clock: clock, log: log, news: make(chan struct{}, 1)}
}

// Begin gives a code to sign in with to a directory that can. of says whose it is and what for: one that was given
// for the same before is good no more.
func (s *Codes) Begin(ctx context.Context, d idp.Directory, of string, use func(idp.SignInCode) CodeUse) (SignInCode, error) {
	signer, able := idp.As[idp.SignIn](d)
	if !able {
		return SignInCode{}, access.Refuse(access.NotAllowed, "directory", "Nobody can sign in to "+d.ID()+" with a code.")
	}
	code, err := signer.BeginSignIn(ctx)
	if err != nil {
		return SignInCode{}, DirectoryFailure(d, "Begin a sign-in to "+d.ID(), err)
	}
	s.mu.Lock()
	s.open = slices.DeleteFunc(s.open, func(o openCode) bool { return o.of == of })
	s.open = append(s.open, openCode{of: of, from: d, code: code, use: use(code), next: s.clock.Now().Add(code.Every)})
	s.mu.Unlock()
	select {
	case s.news <- struct{}{}:
	default:
	}
	return SignInCode{code.Code, code.URL, code.Expires}, nil
}

// Await asks, until ctx ends, who has signed in.
func (s *Codes) Await(ctx context.Context) {
	for ctx.Err() == nil {
		now, next := s.due()
		for _, one := range now {
			s.ask(ctx, one)
		}
		if len(now) > 0 {
			continue
		}
		var due <-chan struct{}
		stop := func() {}
		if !next.IsZero() {
			due, stop = s.clock.Until(next)
		}
		select {
		case <-ctx.Done():
		case <-s.news:
		case <-due:
		}
		stop()
	}
}

// due takes out what is to be asked now, and says when the next is.
func (s *Codes) due() (now []openCode, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.clock.Now()
	for _, o := range s.open {
		if !at.Before(o.next) {
			now = append(now, o)
		} else if next.IsZero() || o.next.Before(next) {
			next = o.next
		}
	}
	s.open = slices.DeleteFunc(s.open, func(o openCode) bool { return !at.Before(o.next) })
	return now, next
}

// ask asks who signed in with a code, and has that used. A code whose time is up is
// let go of.
func (s *Codes) ask(ctx context.Context, one openCode) {
	ctx, done := context.WithTimeout(ctx, askFor)
	defer done()
	signer, able := idp.As[idp.SignIn](one.from)
	if !able {
		return
	}
	var err error
	if one.who == nil { // it is told once
		var who idp.Authentication
		if who, err = signer.SignedIn(ctx, one.code); err == nil {
			one.who = &who
		}
	}
	if err == nil {
		err = one.use.SignedIn(ctx, *one.who)
	}
	_, refused := access.AsRefusal(err)
	switch {
	case err == nil:
		return
	case refused, errors.Is(err, idp.ErrRefused):
		one.use.GaveUp(ctx)
		return
	case !errors.Is(err, idp.ErrPending):
		s.log.Warn("it can't be asked whether somebody has signed in", "directory", one.from.ID(), "error", err)
	}
	if one.next = s.clock.Now().Add(one.code.Every); !one.next.Before(one.code.Expires) {
		one.use.GaveUp(ctx)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.open, func(o openCode) bool { return o.of == one.of }) {
		s.open = append(s.open, one)
	}
}

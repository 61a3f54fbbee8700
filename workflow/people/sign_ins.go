package people

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/engine"
)

// signIns wait for people to sign in to a directory with a code. They are kept in
// memory alone: what asks whether somebody has is a secret, and whoever is interrupted
// asks for another code.
type signIns struct {
	known  *identities
	clock  engine.Clock
	proofs proofs

	mu   sync.Mutex
	open []signIn
	news chan struct{} // something was added
}

// signIn is one that somebody began.
type signIn struct {
	who       access.PersonID
	by        access.Actor
	directory string
	code      idp.SignInCode
	next      time.Time // when it is asked whether they have signed in
	account   string    // that was signed in to; "": nobody has, as far as is known
}

// SignInCode is a code to sign in with, as somebody is shown it.
type SignInCode struct {
	Code, URL string
	Expires   time.Time
}

// askFor bounds one question.
const askFor = 20 * time.Second

// BeginSignIn gives somebody a code with which they sign in to a directory: that proves
// which account there is theirs. One that they had before is good no more.
func (s *signIns) BeginSignIn(ctx context.Context, by access.Actor, directory string) (SignInCode, error) {
	d, known := s.known.dirs.Get(directory)
	if !known {
		return SignInCode{}, access.Refuse(access.Unknown, "directory", "There is no directory called "+directory+" here.")
	}
	signer, able := idp.As[idp.SignIn](d)
	if !able {
		return SignInCode{}, access.Refuse(access.NotAllowed, "directory", "An account in "+directory+" can't be proved by signing in here. Ask IT to confirm which is yours.")
	}
	code, err := signer.BeginSignIn(ctx)
	if err != nil {
		return SignInCode{}, DirectoryFailure(d, "Begin a sign-in to "+directory, err)
	}
	s.mu.Lock()
	s.open = slices.DeleteFunc(s.open, func(o signIn) bool { return o.who == by.Person && o.directory == directory })
	s.open = append(s.open, signIn{who: by.Person, by: by, directory: directory, code: code, next: s.known.units.Now().Add(code.Every)})
	s.mu.Unlock()
	select {
	case s.news <- struct{}{}:
	default:
	}
	return SignInCode{code.Code, code.URL, code.Expires}, nil
}

// SignInDirectories are the directories in which an account can be proved by signing in.
func (s *signIns) SignInDirectories() (ids []string) {
	for _, d := range s.known.dirs {
		if _, able := idp.As[idp.SignIn](d); able {
			ids = append(ids, d.ID())
		}
	}
	return ids
}

// AwaitSignIns asks, until ctx ends, who has signed in.
func (s *signIns) AwaitSignIns(ctx context.Context) {
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
func (s *signIns) due() (now []signIn, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.known.units.Now()
	for _, o := range s.open {
		if !at.Before(o.next) {
			now = append(now, o)
		} else if next.IsZero() || o.next.Before(next) {
			next = o.next
		}
	}
	s.open = slices.DeleteFunc(s.open, func(o signIn) bool { return !at.Before(o.next) })
	return now, next
}

// ask asks who signed in with a code, and takes what that proves. A code whose time is
// up is let go of.
func (s *signIns) ask(ctx context.Context, one signIn) {
	ctx, done := context.WithTimeout(ctx, askFor)
	defer done()
	d, known := s.known.dirs.Get(one.directory)
	signer, able := idp.As[idp.SignIn](d)
	if !known || !able {
		return
	}
	var err error
	if one.account == "" { // it is told once
		one.account, err = signer.SignedIn(ctx, one.code)
	}
	if err == nil {
		err = s.proofs.signedIn(ctx, one, d, one.account)
	}
	_, refused := access.AsRefusal(err)
	switch {
	case err == nil:
		return
	case refused, errors.Is(err, idp.ErrRefused):
		s.proofs.gaveUp(ctx, one)
		return
	case !errors.Is(err, idp.ErrPending):
		s.known.log.Warn("it can't be asked whether somebody has signed in", "directory", one.directory, "error", err)
	}
	if one.next = s.known.units.Now().Add(one.code.Every); !one.next.Before(one.code.Expires) {
		s.proofs.gaveUp(ctx, one)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.open, func(o signIn) bool { return o.who == one.who && o.directory == one.directory }) {
		s.open = append(s.open, one)
	}
}

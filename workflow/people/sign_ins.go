package people

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/idp"
)

// signIns have people prove by signing in to a directory with a code which account there is theirs.
type signIns struct {
	known  *identities
	codes  *Codes
	proofs proofs
}

// SignInCode is a code to sign in with, as somebody is shown it.
type SignInCode struct {
	Code, URL string
	Expires   time.Time
}

// BeginSignIn gives somebody a code with which they sign in to a directory: that proves
// which account there is theirs. One that they had before is good no more.
func (s *signIns) BeginSignIn(ctx context.Context, by access.Actor, directory string) (SignInCode, error) {
	d, known := s.known.dirs.Get(directory)
	if !known {
		return SignInCode{}, access.Refuse(access.Unknown, "directory", "There is no directory called "+directory+" here.")
	}
	if _, able := idp.As[idp.SignIn](d); !able {
		return SignInCode{}, access.Refuse(access.NotAllowed, "directory", "An account in "+directory+" can't be proved by signing in here. Ask IT to confirm which is yours.")
	}
	return s.codes.Begin(ctx, d, string(by.Person)+"/"+directory, func(c idp.SignInCode) CodeUse {
		return ownAccount{s.proofs, signIn{by.Person, by, directory, d, c}}
	})
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

// signIn is a sign-in that somebody began to prove which account is theirs.
type signIn struct {
	who       access.PersonID
	by        access.Actor
	directory string // its id
	from      idp.Directory
	code      idp.SignInCode
}

// ownAccount is a code by which somebody proves that.
type ownAccount struct {
	proofs proofs
	one    signIn
}

// SignedIn implements CodeUse.
func (o ownAccount) SignedIn(ctx context.Context, a idp.Authentication) error {
	return o.proofs.signedIn(ctx, o.one, a.Account)
}

// GaveUp implements CodeUse.
func (o ownAccount) GaveUp(ctx context.Context) { o.proofs.gaveUp(ctx, o.one) }

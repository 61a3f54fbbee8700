package idp

import (
	"context"
	"errors"
	"slices"
	"time"
)

// SignIn has somebody sign in to the directory, with a device and a browser of their own, and tells which account
// that was (RFC 8628, the device authorization grant).
type SignIn interface {
	// BeginSignIn gives a code to be typed in at the directory.
	BeginSignIn(ctx context.Context) (SignInCode, error)

	// SignedIn is who signed in with the code. Nobody has yet: ErrPending. They said no, or the code's time is up:
	// ErrRefused. It tells once.
	SignedIn(ctx context.Context, c SignInCode) (Authentication, error)
}

// SignInCode is a code that shows who signed in with it.
type SignInCode struct {
	Code    string        // to be typed in
	URL     string        // where
	Device  string        // what asks; a secret
	Expires time.Time     // until when it can be used
	Every   time.Duration // how often may be asked whether it was
}

// Login has somebody sign in to the directory in the browser in which they come from a page of ours and go back to
// one (OpenID Connect, the authorization code flow with PKCE).
type Login interface {
	// LoginURL is where the browser is sent.
	LoginURL(r LoginRequest) (string, error)

	// LoggedIn is who signed in, for the code with which the browser came back. A code that is not good, or not
	// for this request: ErrRefused.
	LoggedIn(ctx context.Context, code string, r LoginRequest) (Authentication, error)
}

// LoginRequest is one sign-in that somebody is asked for.
type LoginRequest struct {
	Redirect string        // the page of ours that the browser comes back to
	State    string        // comes back with it
	Nonce    string        // stands in what the directory states
	Verifier string        // by which it is known that who comes back is who was sent (PKCE); a secret
	MaxAge   time.Duration // how long ago they may have signed in
	Issuer   string        // who says that it sent the browser back (RFC 9207), if it does; not for LoginURL
	Levels   []string      // how surely they have to sign in, in the directory's words (acr_values); empty: as it likes
}

// Authentication is what a directory states, signed, of somebody who has signed in.
type Authentication struct {
	Account string    // by its id
	At      time.Time // when they signed in; zero if it doesn't say
	Level   string    // how surely (acr)
	Methods []string  // by what (amr)
}

// Insufficient says why a sign-in is not what was asked for; "" if it is: it has to be as fresh as within says, at a
// moment, of one of the levels and by all of the methods. What the directory doesn't say is not so.
func (a Authentication) Insufficient(at time.Time, within time.Duration, levels, methods []string) string {
	const skew = time.Minute // between two clocks
	switch {
	case a.At.IsZero():
		return "the directory doesn't say when that was"
	case a.At.After(at.Add(skew)):
		return "by the directory's clock that is still to come: compare the clocks"
	case at.Sub(a.At) > within+skew:
		return "that was at " + a.At.UTC().Format("15:04 UTC on 2 January") + ", and it has to be anew"
	case len(levels) > 0 && !slices.Contains(levels, a.Level):
		return "the directory doesn't say that it was as sure as it has to be"
	}
	for _, m := range methods {
		if !slices.Contains(a.Methods, m) {
			return "the directory doesn't say that it was by " + m
		}
	}
	return ""
}

// ErrPending: it has not happened yet; ask again.
var ErrPending = errors.New("nobody has signed in with the code yet")

package idp

import (
	"context"
	"errors"
	"time"
)

// SignIn has somebody sign in to the directory, with a device and a browser of their own, and tells which account
// that was (RFC 8628, the device authorization grant).
type SignIn interface {
	// BeginSignIn gives a code to be typed in at the directory.
	BeginSignIn(ctx context.Context) (SignInCode, error)

	// SignedIn is the id of the account that was signed in to with the code. Nobody has yet: ErrPending. They
	// said no, or the code's time is up: ErrRefused. It tells once.
	SignedIn(ctx context.Context, c SignInCode) (accountID string, err error)
}

// SignInCode is a code that shows who signed in with it.
type SignInCode struct {
	Code    string        // to be typed in
	URL     string        // where
	Device  string        // what asks; a secret
	Expires time.Time     // until when it can be used
	Every   time.Duration // how often may be asked whether it was
}

// ErrPending: it has not happened yet; ask again.
var ErrPending = errors.New("nobody has signed in with the code yet")

package people

import (
	"context"

	"latchkey/idp"
)

type guardedSignIn struct {
	*guarded
	inner idp.SignIn
}

// BeginSignIn implements idp.SignIn.
func (g guardedSignIn) BeginSignIn(ctx context.Context) (idp.SignInCode, error) {
	return read(ctx, g.guarded, func() (idp.SignInCode, error) { return g.inner.BeginSignIn(ctx) })
}

// SignedIn implements idp.SignIn.
func (g guardedSignIn) SignedIn(ctx context.Context, c idp.SignInCode) (idp.Authentication, error) {
	return read(ctx, g.guarded, func() (idp.Authentication, error) { return g.inner.SignedIn(ctx, c) })
}

type guardedLogin struct {
	*guarded
	inner idp.Login
}

// LoginURL implements idp.Login.
func (g guardedLogin) LoginURL(r idp.LoginRequest) (string, error) { return g.inner.LoginURL(r) }

// LoggedIn implements idp.Login.
func (g guardedLogin) LoggedIn(ctx context.Context, code string, r idp.LoginRequest) (idp.Authentication, error) {
	return read(ctx, g.guarded, func() (idp.Authentication, error) { return g.inner.LoggedIn(ctx, code, r) })
}

type guardedSessions struct {
	*guarded
	inner idp.SessionEnder
}

// EndSessions implements idp.SessionEnder.
func (g guardedSessions) EndSessions(ctx context.Context, personID string) error {
	if err := g.ours(ctx); err != nil {
		return err
	}
	return g.inner.EndSessions(ctx, personID)
}

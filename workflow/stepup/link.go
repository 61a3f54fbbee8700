package stepup

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Where browsers reach Latchkey, below Terms.Pages.
const (
	LinkPath   = "/sign-in/"   // with the id and the secret of a sign-in
	ReturnPath = "/signed-in/" // with the id of the directory that a browser comes back from
)

// Visit is a browser that has opened a link.
type Visit struct {
	SignIn string // its id
	Secret string // for that browser to keep until it is done; Latchkey keeps its hash alone
	To     string // where it is sent
}

// Open takes a browser that comes by a link to the directory. Opening it does nothing else: whoever looks at the link
// before its reader does, such as a program that shows what is behind links, takes nothing away. Of several browsers
// the last one goes on.
//
// What ties the browser that was sent to the one that comes back is a secret that only that browser has. State, nonce
// and verifier follow from it, so that nothing of them is kept here, and a start of Latchkey in between harms nobody.
func (s *Service) Open(ctx context.Context, id, link string) (Visit, error) {
	secret := rand.Text()
	in, err := s.change(ctx, id, func(_ *engine.Unit, in *store.SignIn) error {
		if in.Link == "" || !same(digest(link), in.Link) {
			return over()
		}
		in.Browser, in.Returned, in.Proof = digest(secret), false, nil
		return nil
	})
	if err != nil {
		return Visit{}, err
	}
	login, err := s.login(in)
	if err != nil {
		return Visit{}, err
	}
	to, err := login.LoginURL(s.ask(in, secret))
	if err != nil {
		return Visit{}, fmt.Errorf("send a browser to %s: %w", in.Directory, err)
	}
	return Visit{SignIn: id, Secret: secret, To: to}, nil
}

// ask is what is asked of a browser, which has a secret.
func (s *Service) ask(in store.SignIn, secret string) idp.LoginRequest {
	return idp.LoginRequest{
		Redirect: s.terms.Pages + ReturnPath + in.Directory, State: in.ID + "." + derived(secret, "state"), Nonce: derived(secret, "nonce"), Verifier: derived(secret, "verifier"),
		MaxAge: s.terms.MaxAge, Levels: s.terms.Levels,
	}
}

func (s *Service) login(in store.SignIn) (idp.Login, error) {
	d, _ := s.dirs.Get(in.Directory)
	login, able := idp.As[idp.Login](d)
	if !able || s.terms.Pages == "" {
		return nil, access.Refuse(access.TooLate, "", "Nobody can sign in to "+named(in.Directory)+" by a link any more. Press the button in Slack again.")
	}
	return login, nil
}

// Return is a browser that comes back from a directory.
type Return struct {
	Directory string // by the page that it comes to
	State     string
	Code      string
	Issuer    string // who says that it sends it, if it does (RFC 9207)
	Problem   string // why nobody signed in
}

// SignInOf is the sign-in that a browser comes back from; "" if it comes from nowhere.
func (r Return) SignInOf() string {
	id, _, _ := strings.Cut(r.State, ".")
	return id
}

// Back takes a browser that comes back from a directory, with the secret that it was given. It may come back once for
// each time it was sent. What the directory states must be of the one account that has to be signed in to, and as
// fresh and as sure as it has to be; then the sign-in is proved, and nothing has happened yet: see Confirm.
func (s *Service) Back(ctx context.Context, back Return, secret string) error {
	in, err := s.load(ctx, back.SignInOf())
	if err != nil {
		return err
	}
	came, err := s.change(ctx, in.ID, func(_ *engine.Unit, in *store.SignIn) error {
		switch {
		case secret == "" || in.Browser == "" || !same(digest(secret), in.Browser), !same(back.State, s.ask(*in, secret).State):
			return access.Refuse(access.NotAllowed, "", "This browser isn't the one that opened the link, or opened another one since. Open the link in Slack again, in this browser.")
		case back.Directory != in.Directory:
			return access.Refuse(access.NotAllowed, "", "This comes from another directory than the one that was to be signed in to, so it counts for nothing. Tell IT.")
		case in.Returned:
			return access.Refuse(access.TooLate, "", "This was used already. Open the link in Slack again.")
		}
		in.Returned = true
		return nil
	})
	if err != nil {
		return s.refused(ctx, in, err)
	}
	in = came
	if back.Problem != "" || back.Code == "" {
		return access.Refuse(access.NotAllowed, "", named(in.Directory)+" says that nobody signed in ("+plain(back.Problem)+"). Open the link in Slack again.")
	}
	login, err := s.login(in)
	if err != nil {
		return err
	}
	ask := s.ask(in, secret)
	ask.Issuer = back.Issuer
	who, err := login.LoggedIn(ctx, back.Code, ask)
	if err != nil {
		d, _ := s.dirs.Get(in.Directory)
		return people.DirectoryFailure(d, "Find out who signed in to "+in.Directory, err)
	}
	return s.prove(ctx, in, who, false)
}

// derived is what follows from the secret of a browser for one use.
func derived(secret, use string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(use))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// plain is the word that a directory says of why nobody signed in, if it is one.
func plain(problem string) string {
	if problem == "" || len(problem) > 60 || strings.ContainsFunc(problem, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
		return "without saying why"
	}
	return strings.ReplaceAll(problem, "_", " ")
}

// Package signin is the one part of Latchkey that people's browsers reach: the pages by which somebody signs in for
// what they are about to do. A link in Slack leads here, from here to the directory, and from there back to a page that
// says what is about to happen and has a button for it. Nothing else is served, and nothing is decided here.
package signin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/stepup"
)

// SignIns are what the pages work on.
type SignIns interface {
	Open(ctx context.Context, id, link string) (stepup.Visit, error)
	Back(ctx context.Context, back stepup.Return, secret string) error
	Look(ctx context.Context, id, secret string) (stepup.Pending, error)
	Confirm(ctx context.Context, id, secret, form string) (stepup.Done, error)
}

// Names are what people are called.
type Names interface {
	Known(ctx context.Context, who access.PersonID) access.Person
}

// Config is what the pages are made of.
type Config struct {
	SignIns SignIns
	Names   Names
	Catalog func() *catalog.Catalog
	URL     string // where browsers reach these pages, without a path
	Logger  *slog.Logger
}

// confirmPath is the page on which somebody goes through with it.
const confirmPath = "/confirm/"

// most is how large what a browser sends may be.
const most = 16 << 10

// Pages serves them.
func Pages(c Config) http.Handler {
	p := pages{c, strings.HasPrefix(c.URL, "https://")}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+stepup.LinkPath+"{id}/{link}", p.open)
	mux.HandleFunc("GET "+stepup.ReturnPath+"{directory}", p.back)
	mux.HandleFunc("GET "+confirmPath+"{id}", p.look)
	mux.HandleFunc("POST "+confirmPath+"{id}", p.confirm)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		p.show(w, http.StatusNotFound, notice{Title: "Nothing is here", Text: "Links to Latchkey come from Slack. Open the one you were given there."})
	})
	return p.guarded(http.NewCrossOriginProtection().Handler(mux))
}

type pages struct {
	Config
	secure bool // browsers come by https
}

// guarded keeps what is shown out of frames, caches and the addresses that other sites see, and lets nothing run in it.
func (p pages) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src '"+styleHash()+"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if p.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// open sends a browser on to the directory.
func (p pages) open(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		return // somebody looks whether the link is alive
	}
	v, err := p.SignIns.Open(r.Context(), r.PathValue("id"), r.PathValue("link"))
	if err != nil {
		p.explain(w, r, err)
		return
	}
	http.SetCookie(w, p.cookie(v.SignIn, v.Secret))
	http.Redirect(w, r, v.To, http.StatusSeeOther)
}

// cookie is what ties a browser to a sign-in until it is done. It is sent along when the directory sends the browser
// back, and with nothing that another site does.
func (p pages) cookie(id, secret string) *http.Cookie {
	return &http.Cookie{Name: p.cookieName(id), Value: secret, Path: "/", MaxAge: int((10 * time.Minute).Seconds()), HttpOnly: true, Secure: p.secure, SameSite: http.SameSiteLaxMode}
}

func (p pages) cookieName(id string) string {
	if p.secure {
		return "__Host-latchkey-" + id
	}
	return "latchkey-" + id
}

func (p pages) secret(r *http.Request, id string) string {
	c, err := r.Cookie(p.cookieName(id))
	if err != nil {
		return ""
	}
	return c.Value
}

// back takes a browser that comes from the directory, and leads it to a page whose address says nothing.
func (p pages) back(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	came := stepup.Return{Directory: r.PathValue("directory"), State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Problem: q.Get("error")}
	if err := p.SignIns.Back(r.Context(), came, p.secret(r, came.SignInOf())); err != nil {
		p.explain(w, r, err)
		return
	}
	http.Redirect(w, r, confirmPath+url.PathEscape(came.SignInOf()), http.StatusSeeOther)
}

// look shows what is about to happen.
func (p pages) look(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	do, err := p.SignIns.Look(r.Context(), id, p.secret(r, id))
	if err != nil {
		p.explain(w, r, err)
		return
	}
	p.show(w, http.StatusOK, p.question(r.Context(), do))
}

// confirm does it.
func (p pages) confirm(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	done, err := p.SignIns.Confirm(r.Context(), id, p.secret(r, id), r.PostFormValue("form"))
	if err != nil {
		p.explain(w, r, err)
		return
	}
	gone := p.cookie(id, "")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	p.show(w, http.StatusOK, outcome(done))
}

// explain shows why something didn't happen.
func (p pages) explain(w http.ResponseWriter, r *http.Request, err error) {
	refusal, refused := access.AsRefusal(err)
	switch {
	case refused && refusal.Reason == access.TooLate:
		p.show(w, http.StatusGone, notice{Title: "Not any more", Text: refusal.Sentence})
	case refused:
		p.show(w, http.StatusForbidden, notice{Title: "This doesn't count", Text: refusal.Sentence})
	case errors.Is(err, context.Canceled):
	default:
		p.Logger.WarnContext(r.Context(), "a sign-in can't go on", "error", err)
		p.show(w, http.StatusBadGateway, notice{Title: "That didn't work", Text: "I couldn't find out who signed in, so nothing has been decided. Open the link in Slack again in a moment. If it goes on like this, tell IT."})
	}
}

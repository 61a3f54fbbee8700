package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"latchkey/config"
	"latchkey/signin"
	"latchkey/workflow"
	"latchkey/workflow/stepup"
)

// signInTerms are what is asked of a sign-in.
func signInTerms(c *config.Config) stepup.Terms {
	return stepup.Terms{Pages: c.SignIn.URL, MaxAge: c.SignIn.MaxAge, Levels: c.SignIn.Levels, Methods: c.SignIn.Methods}
}

// signInAddress is where people's browsers are served; "": nowhere.
func signInAddress(c *config.Config) string { return c.SignIn.Listen }

// openSignIn serves the pages on which people sign in, where the configuration wants them, until the returned function
// is called.
func (a *App) openSignIn() (stop func(), err error) {
	address := signInAddress(a.config)
	if address == "" {
		return func() {}, nil
	}
	l, err := a.listen("tcp", address)
	if err != nil {
		return func() {}, fmt.Errorf("sign_in.listen: %w; name a free address of this machine, for example 127.0.0.1:8080", err)
	}
	pages := signin.Pages(signin.Config{
		SignIns: a.workflow.StepUp, Names: a.workflow.People, Catalog: catalogOf(a.config), URL: a.config.SignIn.URL, Logger: a.log,
	})
	return servePages(l, pages, a.log), nil
}

// servePages serves browsers, which may be anybody's: none holds a connection for long.
func servePages(l net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l) // ends with what follows
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if srv.Shutdown(ctx) != nil {
			_ = srv.Close()
		}
		<-done
	}
}

// tellNoSignIn tells IT that nobody can sign in by a link.
func (a *App) tellNoSignIn(ctx context.Context, why error) {
	a.log.Error("the pages on which people sign in can't be shown; going on without them", "error", why)
	err := a.workflow.Alarm(context.WithoutCancel(ctx), workflow.Alarm{ID: "sign-in-pages", Title: "Nobody can sign in by a link", Lines: []string{why.Error(), "Roles that need a sign-in can't be approved until Latchkey is started again with that put right."}})
	if err != nil {
		a.log.ErrorContext(ctx, "that can't be told", "error", err)
	}
}

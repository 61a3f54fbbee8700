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
)

// signInAddress is where people's browsers are served; "": nowhere.
func signInAddress(c *config.Config) string { return c.SignIn.Listen }

// openSignIn serves the pages on which people sign in at an address, until the returned function is called; at none,
// none.
func openSignIn(listen func(network, address string) (net.Listener, error), address string, with signin.Config) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	l, err := listen("tcp", address)
	if err != nil {
		return func() {}, fmt.Errorf("sign_in.listen: %w; name a free address of this machine, for example 127.0.0.1:8080", err)
	}
	return servePages(l, signin.Pages(with), with.Logger), nil
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
func tellNoSignIn(ctx context.Context, to *workflow.Service, log *slog.Logger, why error) {
	log.Error("the pages on which people sign in can't be shown; going on without them", "error", why)
	err := to.Alarm(context.WithoutCancel(ctx), workflow.Alarm{ID: "sign-in-pages", Title: "Nobody can sign in by a link", Lines: []string{why.Error(), "Roles that need a sign-in can't be approved until Latchkey is started again with that put right."}})
	if err != nil {
		log.ErrorContext(ctx, "that can't be told", "error", err)
	}
}

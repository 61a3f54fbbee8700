package app

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"latchkey/config"
)

// adminSocket is where a bot that runs on the store answers; "" for stores that
// several processes can open.
func adminSocket(c *config.Config) string {
	if file := storeFile(c); file != "" {
		return file + ".sock"
	}
	return ""
}

// openAdmin serves commands at a socket until the returned function is called. A
// bot that can't open its socket works all the same.
func openAdmin(path string, h http.Handler, log *slog.Logger) (stop func()) {
	if path == "" {
		return func() {}
	}
	_ = os.Remove(path) // of a process that is gone: the store is ours alone
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		log.Warn("commands such as latchkey stuck can't be answered while the bot runs", "error", err)
		return func() {}
	}
	return listen(l, h, log)
}

// listen serves until the returned function is called.
func listen(l net.Listener, h http.Handler, log *slog.Logger) (stop func()) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("stopped listening", "address", l.Addr(), "error", err)
		}
	}()
	return func() { _ = srv.Close(); <-done }
}

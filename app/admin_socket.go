package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"latchkey/app/door"
	"latchkey/config"
)

// adminSocket is where a bot answers whose store is a file; "" for stores that several processes can open, whose sockets are
// where the door package says.
func adminSocket(c *config.Config) string {
	if file := storeFile(c); file != "" {
		return file + ".sock"
	}
	return ""
}

// house is how bots are found whose store several processes can open.
func house(c *config.Config) door.House {
	h := door.House{}
	if at, err := filepath.Abs(c.Path); err == nil {
		h.Config = at
	}
	if s, ok := c.Store.Settings.(interface{ Place() string }); ok {
		h.Store = s.Place()
	}
	return h
}

// socketsHere are the sockets of the bots that run here: of a file there is at most one.
func socketsHere(c *config.Config) []string {
	path := adminSocket(c)
	if path == "" {
		return door.Find(door.Places(), house(c))
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		return nil
	}
	_ = conn.Close() // it was only to see whether somebody is there
	return []string{path}
}

// openAdmin serves commands until the returned function is called. A bot that can't open its socket works all the same.
func openAdmin(c *config.Config, h http.Handler, log *slog.Logger) (stop func()) {
	l, err := listenForCommands(c)
	if err != nil {
		log.Warn("commands such as latchkey health and latchkey stuck can't be answered while the bot runs", "error", err)
		return func() {}
	}
	return listen(l, h, log)
}

func listenForCommands(c *config.Config) (net.Listener, error) {
	path := adminSocket(c)
	if path == "" {
		l, err := door.Open(door.Places(), house(c))
		if err != nil {
			return nil, fmt.Errorf("no place for a socket: %w; let the bot write to %s (in a container, mount a volume in memory there)", oneLine(err), door.Run)
		}
		return l, nil
	}
	_ = os.Remove(path) // of a process that is gone: the store is ours alone
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	return l, err
}

// oneLine puts several causes behind each other.
func oneLine(err error) error { return errors.New(strings.ReplaceAll(err.Error(), "\n", "; ")) }

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

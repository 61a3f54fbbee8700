package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

func sandboxCommand(example []byte) *cobra.Command {
	c := &cobra.Command{Use: "sandbox", Short: "Run the emulated Slack, Jira and directories alone; print their addresses as JSON", Args: noArgs}
	path := exampleFlag(c)
	listen := c.Flags().String("listen", "127.0.0.1:0", "address to act at: POST /do with a line such as \"slack maya /access\"")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := loadOr(example, *path)
		if err != nil {
			return err
		}
		return runSandbox(c.Context(), config, *listen, c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

// SandboxAddress is what `latchkey sandbox` prints: one line of JSON.
type SandboxAddress struct {
	sandbox.Addresses
	Control string `json:"control_url"`
}

func runSandbox(ctx context.Context, config *config.Config, listen string, out, log io.Writer) error {
	world, err := app.StartWorld(config, nil, func(format string, args ...any) { fmt.Fprintf(log, format+"\n", args...) },
		app.ForPlay(config))
	if err != nil {
		return err
	}
	defer world.Close()
	l, err := listenLoopback(listen)
	if err != nil {
		return err
	}
	control := &http.Server{Handler: harness.Handler(&harness.Harness{World: world}), ReadHeaderTimeout: 10 * time.Second}
	if err := json.NewEncoder(out).Encode(SandboxAddress{world.Addresses(), "http://" + l.Addr().String()}); err != nil {
		return fmt.Errorf("print the addresses: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = control.Close() })
	defer stop()
	if err := control.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

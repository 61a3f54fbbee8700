package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/bot"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/slack"
)

func sandboxCommand() *cobra.Command {
	c := &cobra.Command{Use: "sandbox", Short: "Run the emulated Slack, Jira and Okta alone; print their addresses as JSON", Args: noArgs}
	path := configFlag(c)
	listen := c.Flags().String("listen", "127.0.0.1:0", "address to act at: POST /do with a line such as \"slack maya /access\"")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		return runSandbox(c.Context(), config, *listen, c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

// startWorld opens the sandbox with the groups the catalogue governs and the
// limits that the services have in life. The app is installed as its manifest says.
func startWorld(config *Config, logf func(string, ...any)) (*sandbox.World, error) {
	var groups []string
	for _, g := range config.Catalog.Groups() {
		groups = append(groups, g.Group)
	}
	return sandbox.Start(sandbox.Config{
		Groups: groups, ITChannel: config.Slack.ITChannel, Channels: config.Catalog.Channels(), Logf: logf,
		Slack: slack.Config{LimitPosts: true, LimitTiers: true, Command: config.Slack.Command, Scopes: bot.Scopes(), Events: bot.Events()},
		Jira:  jira.Config{WriteLimits: true, BurstLimits: true},
	})
}

// sandboxAddress is what `latchkey sandbox` prints: one line of JSON.
type sandboxAddress struct {
	sandbox.Addresses
	Control string `json:"control_url"`
}

func runSandbox(ctx context.Context, config *Config, listen string, out, log io.Writer) error {
	world, err := startWorld(config, func(format string, args ...any) { fmt.Fprintf(log, format+"\n", args...) })
	if err != nil {
		return err
	}
	defer world.Close()
	l, err := listenLoopback(listen)
	if err != nil {
		return err
	}
	control := &http.Server{Handler: harness.Handler(&harness.Harness{World: world}), ReadHeaderTimeout: 10 * time.Second}
	if err := json.NewEncoder(out).Encode(sandboxAddress{world.Addresses(), "http://" + l.Addr().String()}); err != nil {
		return fmt.Errorf("print the addresses: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = control.Close() })
	defer stop()
	if err := control.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("sandbox: %w", err)
	}
	return nil
}

// listenLoopback opens an address of this machine only: whoever reaches the
// sandbox acts as everybody in it.
func listenLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("--listen %q is not host:port, for example 127.0.0.1:8080", address)}
	}
	if ip := net.ParseIP(host); !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()) {
		return nil, usageError{fmt.Errorf("--listen %q is not an address of this machine alone: use 127.0.0.1", address)}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another port with --listen", address, err)
	}
	return l, nil
}

// sandboxed points a configuration at the sandbox.
func sandboxed(config Config, where sandbox.Addresses, storePath string) *Config {
	config.Slack.APIURL, config.Slack.AppToken, config.Slack.BotToken = where.SlackAPI, NewSecret(where.AppToken), NewSecret(where.BotToken)
	config.Jira.URL, config.Jira.Email, config.Jira.Token = where.Jira, where.JiraEmail, NewSecret(where.JiraToken)
	for i := range config.IDP {
		config.IDP[i].URL, config.IDP[i].Token = where.Okta, NewSecret(where.OktaToken)
	}
	config.Store = StoreConfig{Type: "bolt", Path: storePath}
	config.MissingSecrets = nil
	return &config
}

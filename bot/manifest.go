package bot

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// The types mirror Slack's app manifest, schema version 2
// (github.com/slackapi/manifest-schema). Unknown keys are refused by Slack.
type manifest struct {
	Metadata manifestVersion  `yaml:"_metadata"`
	Display  manifestDisplay  `yaml:"display_information"`
	Features manifestFeatures `yaml:"features"`
	OAuth    manifestOAuth    `yaml:"oauth_config"`
	Settings manifestSettings `yaml:"settings"`
}

type manifestVersion struct {
	Major int `yaml:"major_version"`
	Minor int `yaml:"minor_version"`
}

type manifestDisplay struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Color       string `yaml:"background_color"`
}

type manifestFeatures struct {
	Home      manifestHome       `yaml:"app_home"`
	Bot       manifestBot        `yaml:"bot_user"`
	Shortcuts []manifestShortcut `yaml:"shortcuts"`
	Commands  []manifestCommand  `yaml:"slash_commands"`
}

type manifestHome struct {
	Home     bool `yaml:"home_tab_enabled"`
	Messages bool `yaml:"messages_tab_enabled"`
	ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
}

type manifestBot struct {
	Name   string `yaml:"display_name"`
	Online bool   `yaml:"always_online"`
}

type manifestShortcut struct {
	Name        string `yaml:"name"`
	Type        string `yaml:"type"`
	CallbackID  string `yaml:"callback_id"`
	Description string `yaml:"description"`
}

type manifestCommand struct {
	Command     string `yaml:"command"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint"`
	Escape      bool   `yaml:"should_escape"`
}

type manifestOAuth struct {
	Scopes struct {
		Bot []string `yaml:"bot"`
	} `yaml:"scopes"`
}

type manifestSettings struct {
	Events struct {
		Bot []string `yaml:"bot_events"`
	} `yaml:"event_subscriptions"`
	Interactivity struct {
		Enabled bool `yaml:"is_enabled"`
	} `yaml:"interactivity"`
	OrgDeploy     bool `yaml:"org_deploy_enabled"`
	SocketMode    bool `yaml:"socket_mode_enabled"`
	Hosted        bool `yaml:"is_hosted"`
	TokenRotation bool `yaml:"token_rotation_enabled"`
}

// Manifest is the Slack app manifest to paste at api.slack.com/apps, as YAML:
// the command and the shortcut, and exactly the scopes and events the bot uses.
// An empty command stands for "/access".
func Manifest(command string) ([]byte, error) {
	if command == "" {
		command = DefaultCommand
	}
	m := manifest{
		Metadata: manifestVersion{Major: 2, Minor: 1},
		Display:  manifestDisplay{Name: "Latchkey", Description: "Ask for access, approve it, and see it end on time", Color: "#1d1c1d"},
		Features: manifestFeatures{
			Home: manifestHome{Home: true, Messages: true},
			Bot:  manifestBot{Name: "latchkey", Online: true},
			Shortcuts: []manifestShortcut{
				{Name: requestTitle, Type: "global", CallbackID: shortcutRequest, Description: "Ask for access to an app"},
				{Name: requestTitle, Type: "message", CallbackID: shortcutHere, Description: "Ask for access, with a link to this message"},
				{Name: linkTitle, Type: "message", CallbackID: shortcutLink, Description: "Link this conversation to a request"},
			},
			Commands: []manifestCommand{{Command: command, Description: "Ask for access to an app", Hint: "[app] | mine | approvals | help", Escape: true}},
		},
	}
	m.OAuth.Scopes.Bot = allScopes()
	m.Settings.Events.Bot = allEvents()
	m.Settings.Interactivity.Enabled = true
	m.Settings.SocketMode = true
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("write the Slack app manifest: %w", err)
	}
	return out.Bytes(), enc.Close()
}

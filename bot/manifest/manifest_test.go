package manifest

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"latchkey/bot/bottest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// methodsOf maps the client library's calls to Slack's methods.
func methodsOf() map[string]string {
	return map[string]string{
		"AuthTestContext": "auth.test", "GetConversationHistoryContext": "conversations.history", "GetConversationInfoContext": "conversations.info", "GetConversationRepliesContext": "conversations.replies", "GetConversationsContext": "conversations.list",
		"GetUserByEmailContext": "users.lookupByEmail", "GetUserInfoContext": "users.info", "JoinConversationContext": "conversations.join",
		"OpenConversationContext": "conversations.open", "GetUsersPaginated": "users.list", "GetUserGroupsContext": "usergroups.list", "GetUserGroupMembersContext": "usergroups.users.list", "MigrationExchange": "migration.exchange", "OpenViewContext": "views.open", "PostEphemeralContext": "chat.postEphemeral",
		"PostMessageContext": "chat.postMessage", "UpdateMessageContext": "chat.update", "UpdateViewContext": "views.update",
		"AddPinContext": "pins.add", "RemovePinContext": "pins.remove",
		"PublishViewContext": "views.publish", "PushViewContext": "views.push", "UploadFileContext": "files.getUploadURLExternal files.completeUploadExternal",
	}
}

// TestManifestAsksForWhatIsUsed reads the bot's own source: every call to
// Slack has its scopes listed, and no scope is listed without a call.
func TestManifestAsksForWhatIsUsed(t *testing.T) {
	used := map[string]bool{}
	files, err := filepath.Glob("../*/*.go")
	own, none := filepath.Glob("../*.go")
	if err != nil || none != nil {
		t.Fatal(err, none)
	}
	for _, name := range append(files, own...) {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "../bottest/") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, receiver := callOn(n); receiver == "api" || receiver == "API" {
				method, known := methodsOf()[call]
				if !known {
					t.Errorf("%s calls %s, which no scope is known for", name, call)
				}
				for _, m := range strings.Split(method, " ") {
					used[m] = true
				}
			}
			return true
		})
	}
	if got, want := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(methods())); !slices.Equal(got, want) {
		t.Errorf("the code calls %v, the scopes are those of %v", got, want)
	}
}

// callOn splits a call like x.api.Name(…) or api.Name(…) into Name and api.
func callOn(n ast.Node) (name, receiver string) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", ""
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	switch on := fun.X.(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name, on.Sel.Name
	case *ast.Ident:
		return fun.Sel.Name, on.Name
	}
	return "", ""
}

func TestManifestIsWhatSlackAccepts(t *testing.T) {
	raw, err := YAML("/key")
	if err != nil {
		t.Fatal(err)
	}
	bottest.Golden(t, *update, "manifest", string(raw))
	var m appManifest
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	for _, surface := range []string{"assistant_view", "agent_view"} { // either takes the place of the messages that cards stand in
		if strings.Contains(string(raw), surface) {
			t.Errorf("the manifest asks for %s", surface)
		}
	}
	if n := len(m.Features.Shortcuts[0].Name); n > 24 {
		t.Errorf("a shortcut's name of %d characters, 24 allowed", n)
	}
}

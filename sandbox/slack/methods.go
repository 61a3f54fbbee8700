package slack

import "latchkey/sandbox/slack/kit"

// method is one Web API method. Its handler runs with the lock held.
type method struct {
	run    func(*Server, *call) (kit.Object, error)
	scopes []string // any of them is enough; none = no scope needed
	tier   int      // calls per minute; 0 = special
	form   bool     // takes no JSON body
	app    bool     // wants the app-level token
	open   bool     // wants no token
}

func allMethods() map[string]method {
	all := map[string]method{}
	for _, family := range []map[string]method{
		authMethods(), userMethods(), groupMethods(), conversationMethods(), historyMethods(),
		chatMethods(), viewMethods(), fileMethods(), pinMethods(),
	} {
		for name, m := range family {
			all[name] = m
		}
	}
	return all
}

func authMethods() map[string]method {
	return map[string]method{
		"api.test":              {run: (*Server).apiTest, open: true},
		"auth.test":             {run: (*Server).authTest},
		"team.info":             {run: (*Server).teamInfo, scopes: []string{"team:read"}, tier: 50, form: true},
		"apps.connections.open": {run: (*Server).connectionsOpen, tier: 50, app: true},
	}
}

func chatMethods() map[string]method {
	write := []string{"chat:write"}
	return map[string]method{
		"chat.postMessage":   {run: (*Server).postMessage, scopes: write},
		"chat.postEphemeral": {run: (*Server).postEphemeral, scopes: write, tier: 100},
		"chat.update":        {run: (*Server).updateMessage, scopes: write, tier: 50},
		"chat.delete":        {run: (*Server).deleteMessage, scopes: write, tier: 50},
		"chat.getPermalink":  {run: (*Server).permalink, form: true},
	}
}

func pinMethods() map[string]method {
	write := []string{"pins:write"}
	return map[string]method{
		"pins.add":    {run: (*Server).pinsAdd, scopes: write, tier: 20},
		"pins.remove": {run: (*Server).pinsRemove, scopes: write, tier: 20},
	}
}

func conversationMethods() map[string]method {
	read := []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	return map[string]method{
		"conversations.open":    {run: (*Server).conversationsOpen, scopes: []string{"im:write"}, tier: 50},
		"conversations.info":    {run: (*Server).conversationsInfo, scopes: read, tier: 50, form: true},
		"conversations.list":    {run: (*Server).conversationsList, scopes: read, tier: 20, form: true},
		"conversations.members": {run: (*Server).conversationsMembers, scopes: read, tier: 100, form: true},
		"conversations.join":    {run: (*Server).conversationsJoin, scopes: []string{"channels:join"}, tier: 50},
	}
}

func fileMethods() map[string]method {
	write := []string{"files:write"}
	return map[string]method{
		"files.getUploadURLExternal":   {run: (*Server).uploadURL, scopes: write, tier: 100, form: true},
		"files.completeUploadExternal": {run: (*Server).completeUpload, scopes: write, tier: 100},
		"files.info":                   {run: (*Server).filesInfo, scopes: []string{"files:read"}, tier: 100, form: true},
	}
}

func historyMethods() map[string]method {
	read := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	return map[string]method{
		"conversations.history": {run: (*Server).history, scopes: read, tier: 50, form: true},
		"conversations.replies": {run: (*Server).threadReplies, scopes: read, tier: 50, form: true},
	}
}

func groupMethods() map[string]method {
	read := []string{"usergroups:read"}
	return map[string]method{
		"usergroups.list":       {run: (*Server).groupsList, scopes: read, tier: 20, form: true},
		"usergroups.users.list": {run: (*Server).groupUsers, scopes: read, tier: 20, form: true},
	}
}

func userMethods() map[string]method {
	read := []string{"users:read"}
	return map[string]method{
		"users.info":          {run: (*Server).usersInfo, scopes: read, tier: 100, form: true},
		"users.list":          {run: (*Server).usersList, scopes: read, tier: 20, form: true},
		"migration.exchange":  {run: (*Server).migrationExchange, scopes: []string{"tokens.basic"}, tier: 20, form: true},
		"users.lookupByEmail": {run: (*Server).usersLookup, scopes: []string{"users:read.email"}, tier: 50, form: true},
	}
}

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {run: (*Server).viewsOpen, tier: 100},
		"views.push":    {run: (*Server).viewsPush, tier: 100},
		"views.update":  {run: (*Server).viewsUpdate, tier: 100},
		"views.publish": {run: (*Server).viewsPublish, tier: 100},
	}
}

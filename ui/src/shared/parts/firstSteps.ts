/** The first requests of a program, ready to be copied. Pure. */

export type Step = { name: 'try' | 'find' | 'make' | 'install' | 'python'; text: string };

/** `key` stands in the lines as it is; without one they read it from the environment. */
export function firstSteps(origin: string, key: string | null): { curl: Step[]; python: Step[] } {
  const who = key ? `${key}:` : '"$POSTROOM_KEY:"';
  const json = '-H "Content-Type: application/json"';
  return {
    curl: [
      { name: 'try', text: `curl -u ${who} ${origin}/api/v1/me/` },
      { name: 'find', text: `curl -u ${who} -G ${origin}/api/v1/lead/ \\\n  -d _limit=5 -d _fields=id,display_name --data-urlencode 'query=sort:-last_activity'` },
      { name: 'make', text: `curl -u ${who} ${origin}/api/v1/lead/ ${json} \\\n  -d '{"name": "Bluth Company", "contacts": [{"name": "Michael Bluth", "emails": [{"email": "michael@bluth.example"}]}]}'` },
    ],
    python: [
      { name: 'install', text: 'pip install closeio' },
      { name: 'python', text: [
        ...(key ? [] : ['import os']), 'from closeio_api import Client', '', `api = Client(${key ? JSON.stringify(key) : 'os.environ["POSTROOM_KEY"]'})`, `api.base_url = "${origin}/api/v1/"`, '',
        'print(api.get("me")["first_name"])', 'for lead in api.get("lead", params={"query": "sort:-last_activity", "_limit": 5})["data"]:', '    print(lead["id"], lead["display_name"])',
      ].join('\n') },
    ],
  };
}

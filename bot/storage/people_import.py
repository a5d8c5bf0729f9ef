"""The statements that merge staged people: who is who, their memberships, their addresses, what these prove.

Run in order by `bot.storage.accounts_import.merge`, whose docstring says the rules.
"""

RESOLVE_PEOPLE = (
    # One row per name and company; `contact` is what tells that two companies mean the same person.
    """
    CREATE TEMPORARY TABLE staged_members ON COMMIT DROP AS
    SELECT customer_number, lower(name) AS key, min(name) AS name, bool_or(active) AS active,
        ARRAY(SELECT DISTINCT unnest(string_to_array(nullif(string_agg(
            array_to_string(roles, '|'), '|') FILTER (WHERE roles <> '{}'), ''), '|')) ORDER BY 1) AS roles,
        coalesce((array_agg(phone ORDER BY file, line) FILTER (WHERE own))[1], min(email), customer_number)
            AS contact
    FROM staged_people GROUP BY customer_number, lower(name)
    """,
    "ANALYZE staged_members",
    """
    CREATE TEMPORARY TABLE staged_known ON COMMIT DROP AS
    SELECT m.key, m.contact, min(p.id) AS id FROM (
        SELECT s.customer_number, lower(s.name) AS key, l.person_id FROM staged_people AS s
        JOIN endpoints AS e ON e.channel = 'phone' AND e.address = s.phone AND s.own
        JOIN identity_links AS l ON l.endpoint_id = e.id
        UNION ALL
        SELECT s.customer_number, lower(s.name), l.person_id FROM staged_people AS s
        JOIN endpoints AS e ON e.channel = 'email' AND e.address = s.email
        JOIN identity_links AS l ON l.endpoint_id = e.id
        UNION ALL
        SELECT s.customer_number, s.key, p.id FROM staged_members AS s
        JOIN accounts AS a ON a.customer_number = s.customer_number
        JOIN memberships AS ms ON ms.account_id = a.id
        JOIN people AS p ON p.id = ms.person_id AND lower(p.name) = s.key
    ) AS candidate
    JOIN people AS p ON p.id = candidate.person_id AND lower(p.name) = candidate.key
    JOIN staged_members AS m ON m.customer_number = candidate.customer_number AND m.key = candidate.key
    GROUP BY m.key, m.contact
    """,
    """
    CREATE TEMPORARY TABLE staged_persons ON COMMIT DROP AS
    SELECT m.key, m.contact, m.name, k.id IS NULL AS new,
        coalesce(k.id, nextval(pg_get_serial_sequence('people', 'id'))) AS id
    FROM (SELECT key, contact, min(name) AS name FROM staged_members GROUP BY key, contact) AS m
    LEFT JOIN staged_known AS k USING (key, contact)
    """,
    "CREATE INDEX ON staged_persons (id)",
    "ANALYZE staged_persons",
    # Every address the file gives a person.
    """
    CREATE TEMPORARY TABLE staged_addresses ON COMMIT DROP AS
    SELECT DISTINCT p.id AS person_id, address.channel, address.value AS address
    FROM staged_people AS s
    JOIN staged_members AS m ON m.customer_number = s.customer_number AND m.key = lower(s.name)
    JOIN staged_persons AS p ON p.key = m.key AND p.contact = m.contact
    CROSS JOIN LATERAL (VALUES ('phone', CASE WHEN s.own THEN s.phone END), ('email', s.email))
        AS address (channel, value)
    WHERE address.value IS NOT NULL AND NOT EXISTS (
        SELECT FROM endpoints AS e
        JOIN identity_links AS l ON l.endpoint_id = e.id AND l.person_id IS NULL
        WHERE e.channel = address.channel AND e.address = address.value)
    """,
    "CREATE INDEX ON staged_addresses (channel, address)",
    "CREATE INDEX ON staged_addresses (person_id)",
    "ANALYZE staged_addresses",
)

MERGE_PEOPLE = (
    """
    INSERT INTO people (id, name, source) SELECT id, name, :source FROM staged_persons WHERE new ORDER BY id
    """,
    """
    UPDATE people AS p SET name = s.name FROM staged_persons AS s
    WHERE p.id = s.id AND NOT s.new AND p.name <> s.name
    """,
    """
    INSERT INTO memberships (person_id, account_id, roles, valid_until)
    SELECT DISTINCT ON (p.id, a.id) p.id, a.id, m.roles,
        CASE WHEN NOT m.active THEN CAST(:yesterday AS date) END
    FROM staged_members AS m
    JOIN staged_persons AS p ON p.key = m.key AND p.contact = m.contact
    JOIN accounts AS a ON a.customer_number = m.customer_number
    ON CONFLICT (person_id, account_id) DO UPDATE SET roles = excluded.roles,
        valid_until = CASE
            WHEN excluded.valid_until IS NOT NULL THEN least(memberships.valid_until, excluded.valid_until)
            WHEN memberships.valid_until > CAST(:yesterday AS date) THEN memberships.valid_until
        END
    WHERE NOT memberships.edited AND (memberships.roles <> excluded.roles
        OR memberships.valid_until IS DISTINCT FROM excluded.valid_until)
    """,
    # A switchboard given as somebody's phone stands for their company.
    """
    INSERT INTO endpoints (channel, address, thread, shared)
    SELECT DISTINCT 'phone', phone, 'phone:' || phone, true FROM staged_people
    WHERE NOT own AND phone IS NOT NULL
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO identity_links (endpoint_id, account_id, trust, evidence)
    SELECT DISTINCT e.id, a.id, 1, 'on file with a person' FROM staged_people AS s
    JOIN accounts AS a ON a.customer_number = s.customer_number
    JOIN endpoints AS e ON e.channel = 'phone' AND e.address = s.phone
    WHERE NOT s.own
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO endpoints (channel, address, thread)
    SELECT DISTINCT channel, address, channel || ':' || address FROM staged_addresses
    ON CONFLICT DO NOTHING
    """,
    """
    CREATE TEMPORARY TABLE touched_endpoints ON COMMIT DROP AS
    SELECT DISTINCT e.id, e.channel, e.address FROM endpoints AS e
    JOIN identity_links AS l ON l.endpoint_id = e.id AND l.evidence = :evidence
    JOIN staged_persons AS p ON p.id = l.person_id
    UNION
    SELECT e.id, e.channel, e.address FROM endpoints AS e JOIN staged_addresses AS s USING (channel, address)
    """,
    "ANALYZE touched_endpoints",
    """
    DELETE FROM identity_links AS l USING touched_endpoints AS e, staged_persons AS p
    WHERE l.endpoint_id = e.id AND l.person_id = p.id AND l.evidence = :evidence
    AND EXISTS (SELECT FROM staged_addresses AS s WHERE s.person_id = p.id AND s.channel = e.channel)
    AND NOT EXISTS (SELECT FROM staged_addresses AS s
        WHERE s.person_id = p.id AND s.channel = e.channel AND s.address = e.address)
    """,
    """
    CREATE TEMPORARY TABLE staged_links ON COMMIT DROP AS
    SELECT e.id AS endpoint_id, s.person_id
    FROM staged_addresses AS s JOIN touched_endpoints AS e USING (channel, address)
    """,
    "ANALYZE staged_links",
    # `owner` is the one active person an address proves, if it proves one.
    """
    CREATE TEMPORARY TABLE endpoint_owners ON COMMIT DROP AS
    SELECT id AS endpoint_id, active > 1 OR common AS shared, CASE WHEN active = 1 AND NOT common THEN one END
        AS owner
    FROM (
        SELECT e.id, count(DISTINCT m.person_id) AS active, min(m.person_id) AS one,
            e.channel = 'email' AND split_part(e.address, '@', 1) = ANY(CAST(:common AS text[])) AS common
        FROM touched_endpoints AS e
        LEFT JOIN (
            SELECT endpoint_id, person_id FROM identity_links UNION ALL SELECT * FROM staged_links
        ) AS l ON l.endpoint_id = e.id
        LEFT JOIN memberships AS m ON m.person_id = l.person_id
            AND (m.valid_until IS NULL OR m.valid_until > CAST(:yesterday AS date))
        GROUP BY e.id, e.channel, e.address
    ) AS counted
    """,
    "ANALYZE endpoint_owners",
    """
    UPDATE endpoints AS e SET shared = o.shared FROM endpoint_owners AS o
    WHERE e.id = o.endpoint_id AND e.shared <> o.shared
    """,
    """
    INSERT INTO identity_links (endpoint_id, person_id, trust, evidence)
    SELECT endpoint_id, l.person_id, CASE WHEN l.person_id = o.owner THEN 2 ELSE 1 END, :evidence
    FROM staged_links AS l JOIN endpoint_owners AS o USING (endpoint_id)
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE identity_links AS l SET trust = CASE WHEN l.person_id = o.owner THEN 2 ELSE 1 END
    FROM endpoint_owners AS o
    WHERE l.endpoint_id = o.endpoint_id AND l.person_id IS NOT NULL AND l.evidence = :evidence
    AND l.trust <> CASE WHEN l.person_id = o.owner THEN 2 ELSE 1 END
    """,
)

<?php
/**
 * Plugin Name: mtqa publish gate
 * Description: Asks a checker of machine translation before a page goes live, and publishes none that it blocks.
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 8.1
 * License: Apache-2.0
 */

declare(strict_types=1);

namespace Mtqa;

defined('ABSPATH') || exit;

const VERSION = '0.1.0';
const LIVE = ['publish', 'future']; // statuses that the public sees, now or without anybody's doing
const IGNORED = '_mtqa_ignored'; // meta of a post: a row for each fingerprint
const NOTICE = '_mtqa_notice'; // meta of a user: a row for each notice that is still to be shown
const RETRY = 300; // seconds until a scheduled post is tried again that could not be checked
const MOST_SHOWN = 10; // findings in a message; programs get all of them
const TEXTS = ['title' => 'post_title', 'content' => 'post_content', 'excerpt' => 'post_excerpt'];
const SETTINGS = [ // name => default, label; a constant MTQA_NAME in wp-config.php comes before what the page says
    'url' => ['http://127.0.0.1:8081', 'Address of “qa serve”'],
    'token' => ['', 'Bearer token (QA_SERVE_TOKEN)'],
    'secret' => ['', 'Secret for signatures (QA_SERVE_SECRET)'],
    'timeout' => ['10', 'Seconds to wait for an answer'],
    'on_failure' => ['block', 'When there is no answer: “block”, or “allow”'],
];

function setting(string $name): string
{
    $constant = 'MTQA_' . strtoupper($name);
    $value = defined($constant) ? constant($constant) : (get_option('mtqa', [])[$name] ?? '');
    return trim((string) $value) ?: SETTINGS[$name][0];
}

/** The types of posts that are checked. */
function types(): array
{
    $public = array_diff(get_post_types(['public' => true]), ['attachment']);
    return apply_filters('mtqa_post_types', array_values($public));
}

/* Asking ---------------------------------------------------------------------------------------------------------- */

/** What the service answers, or why it does not. */
function ask(string $path, array $request): array|\WP_Error
{
    static $last = [null, null]; // saving one post asks the same more than once
    $body = wp_json_encode($request, JSON_UNESCAPED_UNICODE);
    if ($last[0] === $path . $body) {
        return $last[1];
    }
    $last = [$path . $body, $body === false ? new \WP_Error('mtqa_text', 'the text is not UTF-8') : post($path, $body)];
    return $last[1];
}

function post(string $path, string $body): array|\WP_Error
{
    $headers = ['Content-Type' => 'application/json'];
    if (setting('token') !== '') {
        $headers['Authorization'] = 'Bearer ' . setting('token');
    }
    if (setting('secret') !== '') {
        $headers['X-QA-Timestamp'] = sprintf('%.6F', microtime(true));
        $signature = hash_hmac('sha256', $headers['X-QA-Timestamp'] . '.' . $body, setting('secret'));
        $headers['X-QA-Signature'] = 'sha256=' . $signature;
    }
    // No redirection: the token is for this address only.
    $options = ['body' => $body, 'headers' => $headers, 'redirection' => 0];
    $options['timeout'] = (float) setting('timeout') > 0 ? (float) setting('timeout') : (float) SETTINGS['timeout'][0];
    $response = wp_remote_post(rtrim(setting('url'), '/') . $path, $options);
    if (is_wp_error($response)) {
        $why = $response->get_error_message();
    } else {
        $answer = json_decode(wp_remote_retrieve_body($response), true);
        if (wp_remote_retrieve_response_code($response) === 200 && isset($answer['fields'])) {
            return $answer;
        }
        $why = $answer['error']['message'] ?? 'status ' . wp_remote_retrieve_response_code($response);
    }
    error_log("mtqa: no answer from $path: $why");
    return new \WP_Error('mtqa_down', "the checker gave no answer ($why)");
}

/** The texts of a post, or of the array that is to become one. */
function texts(\WP_Post|array $post): array
{
    return array_map(fn($column) => (string) (((array) $post)[$column] ?? ''), TEXTS);
}

/** The fingerprints of the findings that somebody dismissed. */
function ignored(int $post): array
{
    return $post ? get_post_meta($post, IGNORED) : [];
}

/** The request for a post with these texts; null where there is nothing to read. */
function request(int $post, array $texts): ?array
{
    $fields = array_filter($texts, fn($text) => trim($text) !== '');
    if (isset($fields['content']) && !has_blocks($fields['content'])) {
        $fields['content'] = wpautop($fields['content']); // as it is shown: an empty line begins a paragraph
    }
    $request = ['fields' => array_map(fn($text) => ['html' => $text], $fields), 'ignored' => ignored($post)];
    return $fields ? apply_filters('mtqa_request', $request, $post) : null;
}

/**
 * May a post with these texts be published?
 *
 * `gate` is pass, warn or block, `down` says that there was no answer, `reasons` are sentences; `findings` and
 * `ignored` are those of the service (docs/service.md), each with its `field`.
 */
function decide(int $post, array $texts): array
{
    $request = request($post, $texts);
    if ($request === null) {
        return ['gate' => 'pass', 'down' => false, 'reasons' => [], 'findings' => [], 'ignored' => []];
    }
    $answer = ask('/v1/check', $request);
    if (is_wp_error($answer)) {
        $gate = setting('on_failure') === 'allow' ? 'warn' : 'block';
        $reason = 'The text could not be checked: ' . $answer->get_error_message() . '.';
        return ['gate' => $gate, 'down' => true, 'reasons' => [$reason], 'findings' => [], 'ignored' => []];
    }
    $found = ['findings' => [], 'ignored' => []];
    foreach ($answer['fields'] as $field => $report) {
        foreach (array_keys($found) as $kind) {
            foreach ($report[$kind] as $finding) {
                $found[$kind][] = ['field' => $field] + $finding;
            }
        }
    }
    $counted = array_filter($answer['reasons'], fn($reason) => $reason['gate'] === $answer['gate']);
    $reasons = array_values(array_column($counted, 'message'));
    return ['gate' => $answer['gate'], 'down' => false, 'reasons' => $reasons] + $found;
}

/** Whether saving would bring a text before the public that it has not yet seen. */
function goes_live(?\WP_Post $before, array $after): bool
{
    $status = $after['post_status'] ?? $before->post_status ?? 'draft';
    $same = $before && $before->post_status === $status && texts($before) === texts($after);
    return in_array($status, LIVE, true) && !$same;
}

/** A line for each different finding, the worst first; without markup: the block editor shows no message with any. */
function lines(array $decision): array
{
    $rank = array_flip(['critical', 'major', 'minor', 'info']);
    $findings = $decision['findings'];
    usort($findings, fn($a, $b) => $rank[$a['severity']] <=> $rank[$b['severity']]);
    $lines = array_map(function ($finding) {
        $better = isset($finding['suggestions'][0]) ? " → “{$finding['suggestions'][0]}”" : '';
        return wp_strip_all_tags("“{$finding['text']}”$better: {$finding['message']}", true);
    }, $findings);
    $lines = array_values(array_unique($lines));
    $more = count($lines) - MOST_SHOWN;
    return $more > 0 ? [...array_slice($lines, 0, MOST_SHOWN), "… and $more more."] : $lines;
}

/* Standing in the way --------------------------------------------------------------------------------------------- */

/** REST, which the block editor speaks: a refused post is not saved at all. */
function guard_rest(mixed $prepared, \WP_REST_Request $request): mixed
{
    if (is_wp_error($prepared) || (defined('DOING_AUTOSAVE') && DOING_AUTOSAVE)) {
        return $prepared; // what is saved by itself does not go live
    }
    $before = isset($prepared->ID) ? get_post($prepared->ID) : null;
    $after = (array) $prepared + ($before ? $before->to_array() : []);
    if (!goes_live($before, $after)) {
        return $prepared;
    }
    $decision = decide($before->ID ?? 0, texts($after));
    if ($decision['gate'] !== 'block') {
        return $prepared;
    }
    $message = implode(' ', ['This page was not published.', ...$decision['reasons'], ...lines($decision)]);
    return new \WP_Error('mtqa_blocked', $message, ['status' => 422] + $decision);
}

/**
 * Every other way of saving: a refused post becomes a draft again.
 *
 * One that is live stays as the public knows it, and what was refused is kept as its autosave, which WordPress offers
 * to whoever opens it next.
 */
function guard_saving(array $data, array $given): array
{
    if (!in_array($data['post_type'], types(), true)) {
        return $data;
    }
    $before = empty($given['ID']) ? null : get_post((int) $given['ID']);
    $after = wp_unslash($data);
    if (!goes_live($before, $after)) {
        return $data;
    }
    $decision = decide($before->ID ?? 0, texts($after));
    $blocked = $decision['gate'] === 'block';
    if ($blocked || ($decision['gate'] === 'warn' && !defined('REST_REQUEST'))) {
        notify(get_current_user_id() ?: (int) $data['post_author'], $after['post_title'], $decision);
    }
    if (!$blocked) {
        return $data;
    }
    // "Post published" would be wrong; the notice says what happened.
    add_filter('redirect_post_location', fn($address) => remove_query_arg('message', $address));
    if ($before?->post_status !== 'publish') {
        return ['post_status' => $before?->post_status === 'pending' ? 'pending' : 'draft'] + $data;
    }
    $autosave = wp_get_post_autosave($before->ID, get_current_user_id());
    if ($autosave) {
        wp_delete_post_revision($autosave->ID);
    }
    _wp_put_post_revision(['ID' => $before->ID] + $after, true);
    $kept = [...array_values(TEXTS), 'post_status', 'post_modified', 'post_modified_gmt'];
    return wp_slash(array_intersect_key($before->to_array(), array_flip($kept))) + $data;
}

/**
 * The moment that a scheduled post was waiting for, in place of WordPress's own function, which saves past all filters.
 * Where there is no answer, and that blocks, the post waits on.
 */
function guard_schedule(int|\WP_Post $post): void
{
    $post = get_post($post);
    $due = $post && $post->post_status === 'future' && strtotime("$post->post_date_gmt GMT") <= time();
    if (!$due || !in_array($post->post_type, types(), true)) {
        check_and_publish_future_post($post);
        return;
    }
    $decision = decide($post->ID, texts($post));
    if ($decision['gate'] !== 'pass') {
        notify((int) $post->post_author, $post->post_title, $decision);
    }
    if ($decision['gate'] !== 'block') {
        check_and_publish_future_post($post);
    } elseif ($decision['down']) {
        wp_schedule_single_event(time() + RETRY, 'publish_future_post', [$post->ID]);
    } else {
        global $wpdb; // not wp_update_post: without a user it would filter the markup of the text
        $wpdb->update($wpdb->posts, ['post_status' => 'draft'], ['ID' => $post->ID]);
        clean_post_cache($post->ID);
        wp_transition_post_status('draft', 'future', get_post($post->ID));
    }
}

add_filter('wp_insert_post_data', __NAMESPACE__ . '\guard_saving', 99, 2);
remove_action('publish_future_post', 'check_and_publish_future_post');
add_action('publish_future_post', __NAMESPACE__ . '\guard_schedule');
add_action('rest_api_init', function () {
    foreach (types() as $type) {
        add_filter("rest_pre_insert_$type", __NAMESPACE__ . '\guard_rest', 99, 2);
    }
});

/* Notices --------------------------------------------------------------------------------------------------------- */

/** Tell a user, on the next page of the administration, what became of a post. */
function notify(int $user, string $title, array $decision): void
{
    $lines = [...$decision['reasons'], ...lines($decision)];
    $notice = ['gate' => $decision['gate'], 'title' => $title, 'lines' => $lines];
    if (!in_array($notice, get_user_meta($user, NOTICE))) {
        add_user_meta($user, NOTICE, wp_slash($notice));
    }
}

add_action('admin_notices', function () {
    if (get_current_screen()?->is_block_editor()) {
        return; // it hides notices of this kind; the next page shows them
    }
    foreach (get_user_meta(get_current_user_id(), NOTICE) as $notice) {
        $blocked = $notice['gate'] === 'block';
        [$kind, $what] = $blocked ? ['error', 'was not published'] : ['warning', 'passed, with a warning'];
        $lines = implode('', array_map(fn($line) => '<li>' . esc_html($line) . '</li>', $notice['lines']));
        printf(
            '<div class="notice notice-%s mtqa"><p>“%s” %s.</p><ul>%s</ul></div>',
            $kind,
            esc_html($notice['title']),
            $what,
            $lines
        );
    }
    delete_user_meta(get_current_user_id(), NOTICE);
});

/* The block editor ------------------------------------------------------------------------------------------------ */

add_action('enqueue_block_editor_assets', function () {
    if (in_array(get_post_type(), types(), true)) {
        $needs = ['wp-api-fetch', 'wp-blocks', 'wp-components', 'wp-data', 'wp-edit-post', 'wp-element', 'wp-plugins'];
        wp_enqueue_script('mtqa', plugins_url('editor.js', __FILE__), $needs, VERSION, true);
    }
});

add_action('rest_api_init', function () {
    $text = ['type' => 'string', 'default' => ''];
    $texts = array_map(fn() => $text, TEXTS);
    $may = fn($request) => get_post((int) $request['id']) && current_user_can('edit_post', (int) $request['id']);
    $route = fn(string $name, array $arguments) => register_rest_route('mtqa/v1', "/posts/(?P<id>\d+)/$name", [
        'methods' => 'POST',
        'callback' => __NAMESPACE__ . "\answer_$name",
        'permission_callback' => $may,
        'args' => $arguments,
    ]);
    $route('check', $texts);
    $route('fix', $texts + ['apply' => ['required' => true]]);
    $route('ignored', [
        'fingerprint' => ['type' => 'string', 'required' => true, 'minLength' => 1, 'maxLength' => 200],
        'ignored' => ['type' => 'boolean', 'default' => true],
    ]);
});

/** What the gate says of the texts as they are typed; `locked`: whether they could not be published. */
function answer_check(\WP_REST_Request $request): array
{
    [$post, $texts] = asked($request);
    $decision = decide($post->ID, $texts);
    $status = in_array($post->post_status, LIVE, true) ? $post->post_status : 'publish';
    $after = array_combine(TEXTS, $texts) + ['post_status' => $status];
    return $decision + ['locked' => $decision['gate'] === 'block' && goes_live($post, $after)];
}

/** The texts with repairs; `apply` is that of the service. */
function answer_fix(\WP_REST_Request $request): array|\WP_Error
{
    [$post, $texts] = asked($request);
    $question = request($post->ID, $texts);
    $answer = $question ? ask('/v1/fix', $question + ['apply' => $request['apply']]) : ['fields' => []];
    if (is_wp_error($answer)) {
        $message = 'Nothing was repaired: ' . $answer->get_error_message() . '.';
        return new \WP_Error('mtqa_down', $message, ['status' => 503]);
    }
    $changed = array_filter($answer['fields'], fn($field) => $field['changed']);
    return ['texts' => (object) array_map(fn($field) => $field['text'], $changed)];
}

/** Dismiss a finding of a post for good, or report it again. */
function answer_ignored(\WP_REST_Request $request): array
{
    $id = (int) $request['id'];
    delete_post_meta($id, IGNORED, wp_slash($request['fingerprint']));
    if ($request['ignored']) {
        add_post_meta($id, IGNORED, wp_slash($request['fingerprint']));
    }
    return ['ignored' => ignored($id)];
}

function asked(\WP_REST_Request $request): array
{
    return [get_post((int) $request['id']), array_merge(TEXTS, array_intersect_key($request->get_params(), TEXTS))];
}

/* Settings -------------------------------------------------------------------------------------------------------- */

add_action('admin_init', function () {
    register_setting('mtqa', 'mtqa', [
        'type' => 'array',
        // Nothing is taken out: a secret may hold anything.
        'sanitize_callback' => fn($given) => array_map('strval', array_intersect_key((array) $given, SETTINGS)),
    ]);
});

add_action('admin_menu', function () {
    add_options_page('mtqa', 'mtqa', 'manage_options', 'mtqa', __NAMESPACE__ . '\settings_page');
});

function settings_page(): void
{
    echo '<div class="wrap"><h1>mtqa</h1><form method="post" action="options.php">';
    settings_fields('mtqa');
    echo '<table class="form-table" role="presentation">';
    foreach (SETTINGS as $name => [$default, $label]) {
        $constant = 'MTQA_' . strtoupper($name);
        $secret = in_array($name, ['token', 'secret'], true);
        printf(
            '<tr><th><label for="mtqa-%1$s">%2$s</label></th><td><input id="mtqa-%1$s" name="mtqa[%1$s]" type="%3$s" '
            . 'class="regular-text" value="%4$s" placeholder="%5$s" autocomplete="off"%6$s></td></tr>',
            $name,
            esc_html($label),
            $secret ? 'password' : 'text',
            // What stands in wp-config.php is not shown to whoever may not read that file.
            esc_attr(defined($constant) ? '' : (get_option('mtqa', [])[$name] ?? '')),
            esc_attr(defined($constant) ? "$constant in wp-config.php" : $default),
            defined($constant) ? ' disabled' : ''
        );
    }
    echo '</table>';
    submit_button();
    echo '</form></div>';
}

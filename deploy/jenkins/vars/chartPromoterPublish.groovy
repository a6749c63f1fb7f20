/**
 * Announces a chart to chart-promoter:
 *
 *     chartPromoterPublish server: 'https://chart-promoter.example.com', credentials: 'chart-promoter-publish',
 *         archive: "build/xposer-${VERSION}.tgz", wait: '10m'
 *
 * `credentials` is a username (the publisher's name) and password (its secret). Further options, each as of
 * `chart-promoter publish`: chart, version, repository, values, timeout; `sha256` pins the command line that the server
 * hands out. The step fails for what is rejected or refused, and for what is not settled within `wait`.
 */
void call(Map options) {
    List names = ['archive', 'chart', 'version', 'repository', 'values', 'wait', 'timeout']
    List unknown = options.keySet() - names - ['server', 'credentials', 'sha256']
    if (unknown) {
        error "chartPromoterPublish has no option ${unknown.join(', ')}; it has ${names.join(', ')}."
    }
    List given = names.findAll { name -> options[name] }.collectMany { name -> ["--${name}", options[name]] }
    List source = ['--revision', env.GIT_COMMIT ?: '', '--build', env.BUILD_URL ?: '']
    Map environment = [PROMOTER_URL: options.server, PROMOTER_SHA256: options.sha256 ?: '']
    (given + source).eachWithIndex { word, at -> environment["PROMOTER_WORD_${at}".toString()] = word }
    // Words are handed over in variables: nothing of them is read by the shell.
    String words = (given + source).indices.collect { at -> "\"\$PROMOTER_WORD_${at}\"" }.join(' ')
    writeFile file: '.chart-promoter-publish.sh', text: libraryResource('chart-promoter/publish.sh')
    withEnv(environment.collect { name, value -> "${name}=${value}" }) {
        withCredentials([usernamePassword(credentialsId: options.credentials,
            usernameVariable: 'PUBLISHER', passwordVariable: 'PUBLISH_SECRET')]) {
            sh "sh .chart-promoter-publish.sh ${words}"
        }
    }
}
